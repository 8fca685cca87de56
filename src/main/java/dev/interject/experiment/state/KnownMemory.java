package dev.interject.experiment.state;

import dev.interject.kvm.state.PhysicalMemory;

/** Guest memory of which parts may be unknown. Its readers throw {@link UnknownMemoryException} there. */
public interface KnownMemory extends PhysicalMemory {

    /** Whether none of it is known. */
    boolean isEmpty();

    /** Whether it is known if a byte is RAM. */
    boolean isDecided(long address);
}
