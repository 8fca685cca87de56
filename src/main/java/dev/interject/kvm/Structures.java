package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.interject.linux.Fd;

/** Passes structures to the kernel and back, by requests on one descriptor. Not for the hot path: it allocates. */
record Structures(Fd fd) {

    /** What the kernel fills in. */
    <T> T get(KvmRequest request, MemoryLayout layout, Function<MemorySegment, T> reader) {
        return exchange(request, layout, untouched -> {}, reader);
    }

    /** Writes the structure for the kernel; fields that are not written are 0. */
    void set(KvmRequest request, MemoryLayout layout, Consumer<MemorySegment> writer) {
        exchange(request, layout, writer, done -> null);
    }

    /** Writes the fields that the kernel reads in a structure that it also fills in. */
    <T> T exchange(KvmRequest request, MemoryLayout layout, Consumer<MemorySegment> writer,
            Function<MemorySegment, T> reader) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment structure = arena.allocate(layout);
            writer.accept(structure);
            fd.ioctl(request, structure);
            return reader.apply(structure);
        }
    }
}
