package dev.interject.guest.boot;

import java.util.Objects;

import dev.interject.kvm.state.Registers;

/**
 * No protocol: the image starts in a mode, and nothing is passed to it.
 *
 * @param mode  in which it starts
 * @param entry where
 */
public record DirectBoot(BootMode mode, long entry) implements BootProtocol {

    /** A stack that grows down from here, as a PC's boot sector finds it. */
    private static final long STACK = 0x7c00;
    private static final long REAL_MODE_END = 0x100000;

    /**
     * Checks the entry.
     *
     * @throws UnbootableImageException if the mode does not reach it
     */
    public DirectBoot {
        Objects.requireNonNull(mode, "mode");
        if (mode == BootMode.REAL && (entry < 0 || entry >= REAL_MODE_END)) {
            throw new UnbootableImageException("real mode does not reach the entry at 0x%x".formatted(entry),
                    "load the image below 1 MiB, or start it in another mode");
        }
    }

    @Override
    public StartState start(BootMemory memory, BootRequest request) {
        request.requirePlain("a flat binary or a plain ELF file");
        BootTables tables = BootTables.place(mode, Long.BYTES, memory);
        return new StartState(mode, entry, tables,
                Registers.startingAt(mode.instructionPointer(entry)).withRsp(STACK));
    }
}
