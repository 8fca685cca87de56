package dev.interject.interrupt.gate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Descriptor tables of a 64-bit guest. */
final class TableSample {

    private static final int GATES = 256;
    private static final int GATE_BYTES = 16;

    private TableSample() {}

    static byte[] descriptors(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes.array();
    }

    /** 256 present 64-bit interrupt gates into segment 8. */
    static byte[] gates() {
        byte[] table = new byte[GATES * GATE_BYTES];
        for (int gate = 0; gate < table.length; gate += GATE_BYTES) {
            table[gate + 1] = (byte) 0x80;
            table[gate + 2] = 8;
            table[gate + 5] = (byte) 0x8e;
        }
        return table;
    }
}
