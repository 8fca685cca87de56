package dev.interject.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.interject.bindings.NativeHeaders;
import dev.interject.linux.error.SystemCallException;

/**
 * Memory mapped with {@code mmap(2)}, readable and writable, unmapped once when closed.
 *
 * <p>Its {@link #memory()} may be used from any thread. Every use after {@link #close()} throws
 * {@link IllegalStateException}, also of a segment that was taken before; none reaches unmapped memory.
 */
public final class Mapping implements AutoCloseable {

    private static final int NO_FD = -1;

    private final Arena arena;
    private final MemorySegment memory;

    private Mapping(Arena arena, MemorySegment memory) {
        this.arena = arena;
        this.memory = memory;
    }

    /**
     * Maps zeroed memory that is private to this process; a page takes up memory when it is first touched.
     *
     * @param bytes the size; the kernel rounds it up to pages
     * @throws SystemCallException {@code mmap: …}
     */
    public static Mapping anonymous(long bytes) {
        return map(bytes, NativeHeaders.MAP_PRIVATE() | NativeHeaders.MAP_ANONYMOUS() | NativeHeaders.MAP_NORESERVE(),
                NO_FD);
    }

    /**
     * Maps the start of a file or device, shared with the kernel.
     *
     * @throws SystemCallException {@code mmap: …}
     */
    public static Mapping shared(Fd fd, long bytes) {
        return map(bytes, NativeHeaders.MAP_SHARED(), fd.number());
    }

    @SuppressWarnings("restricted") // mmap returns an address without a size; it has the requested size
    private static Mapping map(long bytes, int flags, int fd) {
        long address = SystemCall.map(bytes, NativeHeaders.PROT_READ() | NativeHeaders.PROT_WRITE(), flags, fd);
        if (address < 0) {
            throw Failure.of("mmap", (int) -address);
        }
        // A shared arena: other threads read the memory, and close() makes their next access throw instead of crash.
        Arena arena = Arena.ofShared();
        return new Mapping(arena, MemorySegment.ofAddress(address).reinterpret(bytes, arena, Mapping::unmap));
    }

    private static void unmap(MemorySegment memory) {
        int result = SystemCall.unmap(memory);
        if (result < 0) {
            throw Failure.of("munmap", -result);
        }
    }

    /**
     * The mapped memory, with the requested size.
     *
     * @throws IllegalStateException after {@link #close}
     */
    public MemorySegment memory() {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("the memory is unmapped");
        }
        return memory;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
