package dev.interject.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.interject.bindings.NativeHeaders;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;

/**
 * A counter in the kernel that one side adds to and the other takes from ({@code eventfd(2)}), never blocking.
 * Allocates nothing once made. One thread signals, and one consumes.
 */
public final class EventFd implements AutoCloseable {

    private final Fd fd;
    private final MemorySegment one;
    private final MemorySegment count;

    private EventFd(Fd fd) {
        this.fd = fd;
        Arena arena = Arena.ofAuto();
        this.one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
        this.count = arena.allocate(ValueLayout.JAVA_LONG);
    }

    /**
     * A new one, at 0, close-on-exec.
     *
     * @throws SystemCallException {@code eventfd: …}
     */
    public static EventFd create() {
        // EFD_CLOEXEC and EFD_NONBLOCK are defined as these flags of open(2)
        int number = SystemCall.eventfd(NativeHeaders.O_CLOEXEC() | NativeHeaders.O_NONBLOCK());
        if (number < 0) {
            throw Failure.of("eventfd", -number);
        }
        return new EventFd(Fd.own(number));
    }

    public int number() {
        return fd.number();
    }

    /**
     * Adds one.
     *
     * @throws SystemCallException {@code write eventfd: …}; EAGAIN where the counter is full
     */
    public void signal() {
        long written = SystemCall.write(fd.number(), one);
        if (written < 0) {
            throw Failure.of("write eventfd", (int) -written);
        }
    }

    /**
     * Takes all that was added.
     *
     * @return how often it was signalled since the last time; 0 where it was not
     */
    public long consume() {
        long read = SystemCall.read(fd.number(), count);
        if (read >= 0) {
            return count.get(ValueLayout.JAVA_LONG, 0);
        }
        if (read == -Errno.EAGAIN) {
            return 0;
        }
        throw Failure.of("read eventfd", (int) -read);
    }

    @Override
    public void close() {
        fd.close();
    }
}
