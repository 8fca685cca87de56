package dev.interject.linux.error;

/**
 * A system call failed. The message names the call (for an ioctl, its request) and the error:
 * {@code KVM_CREATE_VM: ENOMEM (Cannot allocate memory)}.
 */
public final class SystemCallException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String call;
    private final transient Errno errno;

    public SystemCallException(String call, Errno errno) {
        super(call + ": " + errno);
        this.call = call;
        this.errno = errno;
    }

    /** The call or ioctl request that failed, such as {@code KVM_CREATE_VM} or {@code open /dev/kvm}. */
    public String call() {
        return call;
    }

    public Errno errno() {
        return errno;
    }
}
