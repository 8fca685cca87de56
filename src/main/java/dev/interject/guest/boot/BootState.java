package dev.interject.guest.boot;

import java.util.List;
import java.util.Objects;

import dev.interject.kvm.GuestMemory;

/**
 * A guest at its first instruction.
 *
 * @param memoryBytes the size of its RAM
 * @param parts       what the RAM holds
 * @param start       the state of its boot vCPU
 */
public record BootState(long memoryBytes, List<Part> parts, StartState start) {

    /**
     * Checks that each part lies in the RAM.
     *
     * @throws UnbootableImageException if one does not
     */
    public BootState {
        Objects.requireNonNull(start, "start");
        parts = new BootMemory(memoryBytes, parts).parts();
    }

    /** Copies the parts into memory; what is zero stays untouched. */
    public void loadInto(GuestMemory memory) {
        parts.forEach(part -> memory.write(part.address(), part.content()));
    }
}
