package dev.interject.interrupt;

import java.util.Locale;

/** How an interrupt is handed to KVM. */
public enum Path {
    /** {@code KVM_IRQ_LINE}: a wire into the in-kernel controllers. */
    LINE("KVM_IRQ_LINE"),
    /** {@code KVM_INTERRUPT}: a vector queued for the vCPU, from our own 8259 pair or given by number. */
    VECTOR("KVM_INTERRUPT");

    private final String request;

    Path(String request) {
        this.request = request;
    }

    /** The ioctl that this path ends in. */
    public String request() {
        return request;
    }

    /** The word used in options, text and JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return word();
    }
}
