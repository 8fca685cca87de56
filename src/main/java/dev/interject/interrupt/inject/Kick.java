package dev.interject.interrupt.inject;

/** Brings a vCPU out of the guest, or wakes it from HLT, so that it handles what is pending for it. From any thread. */
@FunctionalInterface
public interface Kick {

    /** Brings the vCPU out of the guest; returns at once. */
    void kick();
}
