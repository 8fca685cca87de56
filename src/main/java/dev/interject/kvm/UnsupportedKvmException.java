package dev.interject.kvm;

/** This host's KVM answers, but lacks something that Interject cannot do without. */
public final class UnsupportedKvmException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnsupportedKvmException(String message) {
        super(message);
    }
}
