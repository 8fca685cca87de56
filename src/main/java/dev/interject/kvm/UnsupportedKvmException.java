package dev.interject.kvm;

/** This host's KVM answers, but lacks something that Interject cannot do without. */
public final class UnsupportedKvmException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param message names what is missing, in one clause */
    public UnsupportedKvmException(String message) {
        super(message);
    }
}
