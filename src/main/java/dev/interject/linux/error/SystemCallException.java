package dev.interject.linux.error;

/**
 * A system call failed. The message names the call (for an ioctl, its request) and the error:
 * {@code KVM_CREATE_VM: ENOMEM (Cannot allocate memory)}.
 */
public final class SystemCallException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String call;
    private final transient Errno errno;

    /**
     * Creates the exception of a failed call.
     *
     * @param call  the name of the call; for an ioctl, of its request
     * @param errno the error
     */
    public SystemCallException(String call, Errno errno) {
        super(call + ": " + errno);
        this.call = call;
        this.errno = errno;
    }

    /** The call or ioctl request that failed, such as {@code KVM_CREATE_VM} or {@code open /dev/kvm}. */
    public String call() {
        return call;
    }

    /** The error that the kernel reported. */
    public Errno errno() {
        return errno;
    }
}
