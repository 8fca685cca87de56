package dev.interject.linux.error;

import dev.interject.bindings.NativeHeaders;

/**
 * An error number of the kernel with its symbolic name and its description, such as {@code EACCES (Permission denied)}.
 *
 * @param number      the value of errno, above 0
 * @param name        the symbolic name, {@code E…}
 * @param description the text of {@code strerrordesc_np(3)}, untranslated
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

    @Override
    public String toString() {
        return name + " (" + description + ")";
    }
}
