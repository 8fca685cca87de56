package dev.interject.kvm;

/** This host's KVM works, but lacks something that Interject needs. */
public final class UnsupportedKvmException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param message names what is missing, in one clause */
    public UnsupportedKvmException(String message) {
        super(message);
    }
}
