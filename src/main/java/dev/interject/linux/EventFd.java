package dev.interject.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.interject.bindings.NativeHeaders;

/**
 * A counter in the kernel that one side adds to and the other takes from ({@code eventfd(2)}), never blocking.
 * Allocates nothing once made. One thread signals, and one consumes.
 */
public final class EventFd implements AutoCloseable {

    private static final NativeFunction EVENTFD = NativeFunction.named("eventfd");
    private static final NativeFunction WRITE = NativeFunction.named("write");
    private static final NativeFunction READ = NativeFunction.named("read");

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
        MemorySegment state = NativeFunction.callState();
        // EFD_CLOEXEC and EFD_NONBLOCK are defined as these flags of open(2)
        int number = (int) EVENTFD.call(state, 0, NativeHeaders.O_CLOEXEC() | NativeHeaders.O_NONBLOCK(), 0);
        if (number < 0) {
            throw new SystemCallException("eventfd", NativeFunction.errno(state));
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
        MemorySegment state = NativeFunction.callState();
        long written = WRITE.call(state, fd.number(), one.address(), one.byteSize());
        NativeFunction.keepAlive(one);
        if (written < 0) {
            throw new SystemCallException("write eventfd", NativeFunction.errno(state));
        }
    }

    /**
     * Takes all that was added.
     *
     * @return how often it was signalled since the last time; 0 where it was not
     */
    public long consume() {
        MemorySegment state = NativeFunction.callState();
        long read = READ.call(state, fd.number(), count.address(), count.byteSize());
        if (read >= 0) {
            return count.get(ValueLayout.JAVA_LONG, 0);
        }
        int errno = NativeFunction.errno(state);
        if (errno == Errno.EAGAIN) {
            return 0;
        }
        throw new SystemCallException("read eventfd", errno);
    }

    @Override
    public void close() {
        fd.close();
    }
}
