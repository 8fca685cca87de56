package dev.interject.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.interject.bindings.NativeHeaders;
import dev.interject.linux.error.SystemCallException;

/**
 * An open file descriptor, closed once. Its {@link #ioctl ioctls} may be called from any thread.
 *
 * <p>The owner closes it only when no call on it is under way any more: the kernel hands a closed number out again.
 */
public final class Fd implements AutoCloseable {

    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Fd(int number) {
        this.number = number;
    }

    /** Takes over a descriptor that a system call has handed out. */
    public static Fd own(int number) {
        return new Fd(number);
    }

    /**
     * Opens a file for reading and writing, close-on-exec ({@code open(2)}).
     *
     * @throws SystemCallException {@code open PATH: …}
     */
    public static Fd openReadWrite(String path) {
        try (Arena arena = Arena.ofConfined()) {
            int number = SystemCall.open(arena.allocateFrom(path),
                    NativeHeaders.O_RDWR() | NativeHeaders.O_CLOEXEC());
            if (number < 0) {
                throw Failure.of("open " + path, -number);
            }
            return new Fd(number);
        }
    }

    public int number() {
        return number;
    }

    /**
     * {@code ioctl(2)} with a pointer argument.
     *
     * @return what the request returns, 0 or above
     * @throws SystemCallException named after the request
     */
    public int ioctl(IoctlRequest request, MemorySegment argument) {
        int result = tryIoctl(request, argument);
        if (result < 0) {
            throw Failure.of(request.name(), -result);
        }
        return result;
    }

    /** {@code ioctl(2)} with an integer argument; see {@link #ioctl(IoctlRequest, MemorySegment)}. */
    public int ioctl(IoctlRequest request, long argument) {
        return ioctl(request, MemorySegment.ofAddress(argument));
    }

    /**
     * {@code ioctl(2)} for callers to whom an error is an outcome; allocates nothing.
     *
     * @return what the request returns, or the negated errno
     */
    public int tryIoctl(IoctlRequest request, MemorySegment argument) {
        return SystemCall.ioctl(number, request.number(), argument);
    }

    /**
     * {@code pread(2)}: fills a buffer from an offset.
     *
     * @return how many bytes there were; fewer than asked for at the end
     * @throws SystemCallException {@code pread: …}
     */
    public long readAt(long offset, MemorySegment buffer) {
        long read = SystemCall.readAt(number, offset, buffer);
        if (read < 0) {
            throw Failure.of("pread", (int) -read);
        }
        return read;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        int result = SystemCall.close(number);
        if (result < 0) {
            throw Failure.of("close", -result);
        }
    }

    @Override
    public String toString() {
        return "fd " + number;
    }
}
