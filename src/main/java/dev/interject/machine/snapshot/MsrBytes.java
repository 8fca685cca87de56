package dev.interject.machine.snapshot;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Model-specific registers as bytes: 32 bits for each number and 64 for its value, as {@code kvm_msr_entry}s have. */
public final class MsrBytes {

    private static final int ENTRY_BYTES = Integer.BYTES + Long.BYTES;

    private MsrBytes() {}

    /** Registers as bytes. */
    public static byte[] write(Map<Integer, Long> values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.size() * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach((number, value) -> buffer.putInt(number).putLong(value));
        return buffer.array();
    }

    /** @throws IllegalArgumentException if the bytes end within a register */
    public static SortedMap<Integer, Long> read(byte[] content) {
        SortedMap<Integer, Long> values = new TreeMap<>(Integer::compareUnsigned);
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (buffer.hasRemaining()) {
                values.put(buffer.getInt(), buffer.getLong());
            }
        } catch (BufferUnderflowException cut) {
            throw new IllegalArgumentException("registers have %d bytes each, not %d in all".formatted(ENTRY_BYTES,
                    content.length), cut);
        }
        return values;
    }
}
