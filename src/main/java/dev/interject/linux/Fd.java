package dev.interject.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

import dev.interject.bindings.NativeHeaders;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;

/**
 * An open file descriptor, closed once. Its methods may be called from any thread.
 *
 * <p>Every use after {@link #close} throws {@link IllegalStateException}, since the kernel reuses the numbers of closed
 * descriptors. The owner must not close it while a call on it is under way: that call could still reach the descriptor
 * that gets the number next.
 */
public final class Fd implements AutoCloseable {

    private static final int CLOSED = -1;

    /** How often a call is repeated that a signal interrupts before it has done anything. */
    private static final int ATTEMPTS = 1000;

    private final String name;
    private final AtomicInteger number;

    private Fd(int number, String name) {
        this.number = new AtomicInteger(number);
        this.name = name;
    }

    /**
     * Takes over a descriptor that a system call has returned.
     *
     * @param number 0 or above
     * @param name   what it refers to, for the message of a use after close
     */
    public static Fd own(int number, String name) {
        if (number < 0) {
            throw new IllegalArgumentException("%d is not a file descriptor".formatted(number));
        }
        return new Fd(number, name);
    }

    /**
     * Opens a file for reading and writing, close-on-exec ({@code open(2)}).
     *
     * @throws SystemCallException {@code open PATH: …}
     */
    public static Fd openReadWrite(String path) {
        return open(path, NativeHeaders.O_RDWR() | NativeHeaders.O_CLOEXEC());
    }

    /**
     * Opens a file for reading, close-on-exec; a read that would wait fails with EAGAIN ({@code open(2)}).
     *
     * @throws SystemCallException {@code open PATH: …}
     */
    public static Fd openNonblocking(String path) {
        return open(path, NativeHeaders.O_NONBLOCK() | NativeHeaders.O_CLOEXEC());
    }

    private static Fd open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            int number = SystemCall.open(arena.allocateFrom(path), flags);
            if (number < 0) {
                throw Failure.of("open " + path, -number);
            }
            return new Fd(number, path);
        }
    }

    /**
     * Makes an eventfd that starts at 0, does not block and is close-on-exec ({@code eventfd(2)}).
     *
     * @throws SystemCallException {@code eventfd: …}
     */
    public static Fd eventfd() {
        // EFD_CLOEXEC and EFD_NONBLOCK are defined as these flags of open(2)
        int number = SystemCall.eventfd(NativeHeaders.O_CLOEXEC() | NativeHeaders.O_NONBLOCK());
        if (number < 0) {
            throw Failure.of("eventfd", -number);
        }
        return new Fd(number, "eventfd");
    }

    /**
     * The descriptor's number. Every call on it gets the number from here.
     *
     * @throws IllegalStateException after {@link #close}
     */
    public int number() {
        int open = number.get(); // read once: another thread may close it
        if (open == CLOSED) {
            throw new IllegalStateException(name + " is closed");
        }
        return open;
    }

    /**
     * {@code ioctl(2)} with a pointer argument. If it takes long, it is a {@link SlowCall}.
     *
     * @return what the request returns, 0 or above
     * @throws SystemCallException named after the request
     */
    public int ioctl(IoctlRequest request, MemorySegment argument) {
        long begin = System.nanoTime();
        int result = tryIoctl(request, argument);
        SlowCall.returned(request.name(), begin);
        return succeeded(request, result);
    }

    /** {@code ioctl(2)} with an integer argument; see {@link #ioctl(IoctlRequest, MemorySegment)}. */
    public int ioctl(IoctlRequest request, long argument) {
        return ioctl(request, MemorySegment.ofAddress(argument));
    }

    /**
     * {@code ioctl(2)} that is repeated when a signal to this process interrupts it (EINTR), a limited number of times.
     *
     * @return what the request returns, 0 or above
     * @throws SystemCallException named after the request
     */
    public int ioctlDespiteSignals(IoctlRequest request, long argument) {
        long begin = System.nanoTime();
        int result = -Errno.EINTR;
        for (int attempt = 0; result == -Errno.EINTR && attempt < ATTEMPTS; attempt++) {
            result = tryIoctl(request, MemorySegment.ofAddress(argument));
        }
        SlowCall.returned(request.name(), begin);
        return succeeded(request, result);
    }

    private static int succeeded(IoctlRequest request, int result) {
        if (result < 0) {
            throw Failure.of(request.name(), -result);
        }
        return result;
    }

    /**
     * {@code ioctl(2)} for callers that treat an error as an outcome.
     *
     * @return what the request returns, or the negated errno
     */
    public int tryIoctl(IoctlRequest request, MemorySegment argument) {
        return SystemCall.ioctl(number(), request.number(), argument);
    }

    /**
     * {@code read(2)}: fills a buffer.
     *
     * @return the number of bytes read, or the negated errno
     */
    public long tryRead(MemorySegment buffer) {
        return SystemCall.read(number(), buffer);
    }

    /**
     * {@code pread(2)}: fills a buffer from an offset.
     *
     * @return the number of bytes read; fewer than requested at the end of the file
     * @throws SystemCallException {@code pread NAME: …}
     */
    public long readAt(long offset, MemorySegment buffer) {
        long read = SystemCall.readAt(number(), offset, buffer);
        if (read < 0) {
            throw Failure.of("pread " + name, (int) -read);
        }
        return read;
    }

    /**
     * {@code write(2)} of a whole buffer.
     *
     * @throws SystemCallException {@code write NAME: …}
     */
    public void write(MemorySegment buffer) {
        long written = SystemCall.write(number(), buffer);
        if (written < 0) {
            throw Failure.of("write " + name, (int) -written);
        }
    }

    @Override
    public void close() {
        int open = number.getAndSet(CLOSED);
        if (open == CLOSED) {
            return;
        }
        int result = SystemCall.close(open);
        if (result < 0) {
            throw Failure.of("close", -result);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
