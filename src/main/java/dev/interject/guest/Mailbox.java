package dev.interject.guest;

import java.util.Objects;

import dev.interject.kvm.GuestMemory;

/** The page in which a guest counts and leaves word; {@code guest/include/abi.inc} has the same offsets. */
public final class Mailbox {

    static final long FAULT_ERROR = 0x08;
    static final long FAULT_RIP = 0x10;
    static final long SPURIOUS = 0x18;
    static final long TAKEN = 0x400;

    private static final int VECTORS = 256;

    private final GuestMemory memory;

    public Mailbox(GuestMemory memory) {
        this.memory = memory;
    }

    /**
     * How often the guest's handler of a vector ran, as the guest counted. From any thread.
     *
     * @param vector 0–255
     */
    public long taken(int vector) {
        long offset = TAKEN + (long) Objects.checkIndex(vector, VECTORS) * Integer.BYTES;
        return Integer.toUnsignedLong(memory.readCounter(MemoryMap.MAILBOX + offset));
    }

    /** How many spurious interrupts the guest saw. */
    public long spurious() {
        return Integer.toUnsignedLong(memory.readCounter(MemoryMap.MAILBOX + SPURIOUS));
    }

    /** Where the exception that stopped the guest happened: a linear address. */
    public long faultRip() {
        return memory.readLong(MemoryMap.MAILBOX + FAULT_RIP);
    }

    /** The error code of that exception; 0 for one without. */
    public long faultErrorCode() {
        return memory.readLong(MemoryMap.MAILBOX + FAULT_ERROR);
    }
}
