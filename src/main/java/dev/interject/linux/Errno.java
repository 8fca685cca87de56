package dev.interject.linux;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.NativeHeaders;

/**
 * An error number of the kernel with its symbolic name and its description, such as {@code EACCES (Permission denied)}.
 *
 * @param number      the value of errno, above 0
 * @param name        the symbolic name, {@code E…}
 * @param description what {@code strerror(3)} says, untranslated
 */
public record Errno(int number, String name, String description) {

    public static final int EINTR = NativeHeaders.EINTR();
    public static final int ENXIO = NativeHeaders.ENXIO();
    public static final int EAGAIN = NativeHeaders.EAGAIN();
    public static final int EINVAL = NativeHeaders.EINVAL();
    public static final int EEXIST = NativeHeaders.EEXIST();
    public static final int ENOENT = NativeHeaders.ENOENT();
    public static final int ENODEV = NativeHeaders.ENODEV();
    public static final int EACCES = NativeHeaders.EACCES();
    public static final int EPERM = NativeHeaders.EPERM();
    public static final int EBUSY = NativeHeaders.EBUSY();
    public static final int ENOMEM = NativeHeaders.ENOMEM();
    public static final int EBADF = NativeHeaders.EBADF();

    /** An upper bound for glibc's error texts; they are string literals, so reading up to the NUL is safe. */
    private static final long LONGEST_TEXT = 256;

    /** The error of that number, with the C library's own words for it. */
    public static Errno of(int number) {
        return new Errno(number, text("strerrorname_np", number, "errno " + number),
                text("strerrordesc_np", number, "unknown error"));
    }

    @SuppressWarnings("restricted") // the size of a C string is not known before it is read
    private static String text(String function, int number, String otherwise) {
        long text = NativeFunction.named(function).call(number);
        return text == 0 ? otherwise : MemorySegment.ofAddress(text).reinterpret(LONGEST_TEXT).getString(0);
    }

    @Override
    public String toString() {
        return name + " (" + description + ")";
    }
}
