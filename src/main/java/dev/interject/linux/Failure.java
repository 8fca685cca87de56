package dev.interject.linux;

import java.lang.foreign.MemorySegment;

import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;

/** Makes the exception of a failed system call, with the C library's name and text of the error. */
public final class Failure {

    /** An upper bound for glibc's error texts; they are string literals, so reading up to the NUL is safe. */
    private static final long LONGEST_TEXT = 256;

    private Failure() {}

    /**
     * The exception of a failed call.
     *
     * @param call  the name of the call; for an ioctl, of its request
     * @param errno above 0
     */
    public static SystemCallException of(String call, int errno) {
        return new SystemCallException(call, errno(errno));
    }

    /** The error with this number. */
    static Errno errno(int number) {
        return new Errno(number, text("strerrorname_np", number, "errno " + number),
                text("strerrordesc_np", number, "unknown error"));
    }

    @SuppressWarnings("restricted") // the size of a C string is not known before it is read
    private static String text(String function, int number, String otherwise) {
        long text = NativeFunction.named(function).call(number);
        return text == 0 ? otherwise : MemorySegment.ofAddress(text).reinterpret(LONGEST_TEXT).getString(0);
    }
}
