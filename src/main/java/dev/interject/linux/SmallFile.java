package dev.interject.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;

import dev.interject.linux.error.SystemCallException;

/** Reads a file of which only a few bytes are wanted, such as a parameter in sysfs. */
public final class SmallFile {

    private SmallFile() {}

    /**
     * The content of a file; empty if it cannot be read, is larger, or if a read would wait, as that of
     * {@code /proc/kmsg}.
     *
     * @param most the largest size in bytes
     */
    public static Optional<byte[]> read(Path file, int most) {
        try (Fd fd = Fd.openNonblocking(file.toString()); Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocate(most + 1L);
            long size = 0;
            long length = fd.tryRead(content);
            while (length > 0 && size + length <= most) {
                size += length;
                length = fd.tryRead(content.asSlice(size));
            }
            return length == 0 ? Optional.of(content.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE))
                    : Optional.empty();
        } catch (SystemCallException unreadable) {
            return Optional.empty();
        }
    }
}
