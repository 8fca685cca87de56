package dev.interject.machine.vcpu;

import dev.interject.guest.Mailbox;
import dev.interject.kvm.Exit;
import dev.interject.kvm.Mmio;
import dev.interject.kvm.PortIo;
import dev.interject.trace.ExitCause;
import dev.interject.trace.KickEffect;
import dev.interject.trace.Recorder;

/**
 * Records what one vCPU does, if anything is recorded at all. On the vCPU's thread but for {@link #now} and
 * {@link #kicked}; allocates nothing.
 */
public final class VcpuTrace {

    private final int vcpu;
    private final Mailbox mailbox;
    private final boolean hasStamps;
    private final Recorder recorder;
    /** The stamps recorded last, by vector. */
    private final long[] entered = new long[Mailbox.VECTORS];
    private final long[] left = new long[Mailbox.VECTORS];

    /**
     * Creates the trace of one vCPU.
     *
     * @param hasStamps whether the guest's handlers leave time stamps in the mailbox
     */
    public VcpuTrace(int vcpu, Mailbox mailbox, boolean hasStamps, Recorder recorder) {
        this.vcpu = vcpu;
        this.hasStamps = hasStamps;
        this.mailbox = mailbox;
        this.recorder = recorder;
    }

    /** The vCPU's number, from 0. */
    int vcpu() {
        return vcpu;
    }

    /** See {@link Recorder#now}. */
    long now() {
        return recorder.now();
    }

    void kicked(long since, KickEffect effect) {
        recorder.kicked(vcpu, since, effect);
    }

    void slept(long since, boolean halted) {
        recorder.slept(vcpu, since, halted);
    }

    void nmiRequested(long since) {
        recorder.nmiRequested(vcpu, since);
    }

    void ran(long since, Exit exit) {
        if (recorder.isOn()) {
            recorder.ran(vcpu, since, cause(exit));
        }
    }

    private static ExitCause cause(Exit exit) {
        return switch (exit) {
            case Exit.PortAccess _ -> ExitCause.KVM_EXIT_IO;
            case Exit.MemoryAccess _ -> ExitCause.KVM_EXIT_MMIO;
            case Exit.Halted _ -> ExitCause.KVM_EXIT_HLT;
            case Exit.WindowOpen _ -> ExitCause.KVM_EXIT_IRQ_WINDOW_OPEN;
            case Exit.PriorityLowered _ -> ExitCause.KVM_EXIT_SET_TPR;
            case Exit.InterruptEnded _ -> ExitCause.KVM_EXIT_IOAPIC_EOI;
            case Exit.Interrupted _ -> ExitCause.EINTR;
            case Exit.Woken _ -> ExitCause.EAGAIN;
            case Exit.Debugged _ -> ExitCause.KVM_EXIT_DEBUG;
            case Exit.ShutDown _ -> ExitCause.KVM_EXIT_SHUTDOWN;
            case Exit.EntryFailed _ -> ExitCause.KVM_EXIT_FAIL_ENTRY;
            case Exit.InternalError _ -> ExitCause.KVM_EXIT_INTERNAL_ERROR;
            case Exit.Other _ -> ExitCause.OTHER;
        };
    }

    /** A port access is done. */
    void accessed(PortIo io, int value) {
        if (recorder.isOn()) {
            recorder.portAccessed(vcpu, io.port(), io.width(), io.isWrite(), value);
        }
    }

    /** A memory access is done. */
    void accessed(Mmio mmio, long value) {
        if (recorder.isOn()) {
            recorder.memoryAccessed(vcpu, mmio.address(), mmio.width(), mmio.isWrite(), value);
        }
    }

    /** The handler of a vector ran: records when it was entered, and when the one before it was left. */
    void handlerRan(int vector) {
        if (recorder.isOn() && hasStamps) {
            noteLeft(vector);
            noteEntered(vector);
        }
    }

    /** Records the stamps that handlers have left since their last event. To be called when the vCPU runs no more. */
    public void flush() {
        if (recorder.isOn() && hasStamps) {
            for (int vector = 0; vector < Mailbox.VECTORS; vector++) {
                noteEntered(vector);
                noteLeft(vector);
            }
        }
    }

    /** Whether a handler runs that has stamped its beginning. From any thread. */
    public boolean isInHandler() {
        for (int vector = 0; vector < Mailbox.VECTORS && hasStamps; vector++) {
            if (mailbox.leftAt(vector) - mailbox.enteredAt(vector) < 0) {
                return true;
            }
        }
        return false;
    }

    private void noteEntered(int vector) {
        long counter = mailbox.enteredAt(vector);
        if (counter != entered[vector]) {
            entered[vector] = counter;
            recorder.handlerEntered(vcpu, vector, counter);
        }
    }

    /** While a handler runs, this is the stamp of its run before. */
    private void noteLeft(int vector) {
        long counter = mailbox.leftAt(vector);
        if (counter != left[vector]) {
            left[vector] = counter;
            recorder.handlerLeft(vcpu, vector, counter);
        }
    }
}
