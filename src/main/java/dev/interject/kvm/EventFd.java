package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.interject.linux.Failure;
import dev.interject.linux.Fd;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;

/**
 * A 64-bit counter in the kernel that one side adds to and the other reads and clears ({@code eventfd(2)}); never
 * blocks. {@link VirtualMachine#bindIrqfd} connects it to a GSI. At most one thread signals and one consumes at a time.
 * Another one may close it meanwhile: a write that was under way could otherwise reach the file that gets the number of
 * the descriptor next.
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
     * Creates an eventfd whose counter is 0.
     *
     * @throws SystemCallException {@code eventfd: …}
     */
    public static EventFd create() {
        return new EventFd(Fd.eventfd());
    }

    int number() {
        return fd.number();
    }

    /**
     * Adds one to the counter.
     *
     * @throws SystemCallException   {@code write eventfd: …}; EAGAIN if the counter is full
     * @throws IllegalStateException after {@link #close}
     */
    public synchronized void signal() {
        fd.write(one);
    }

    /**
     * Reads the counter and clears it.
     *
     * @return how often it was signalled since the last time; 0 if never
     * @throws SystemCallException   {@code read eventfd: …}
     * @throws IllegalStateException after {@link #close}
     */
    public synchronized long consume() {
        long read = fd.tryRead(count);
        if (read >= 0) {
            return count.get(ValueLayout.JAVA_LONG, 0);
        }
        if (read == -Errno.EAGAIN) {
            return 0;
        }
        throw Failure.of("read eventfd", (int) -read);
    }

    /** Closes it; ends its binding to a GSI. A second call does nothing. */
    @Override
    public synchronized void close() {
        fd.close();
    }
}
