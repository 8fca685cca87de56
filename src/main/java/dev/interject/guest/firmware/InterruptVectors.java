package dev.interject.guest.firmware;

import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import dev.interject.guest.boot.BootMemory;
import dev.interject.guest.boot.LittleEndian;

/**
 * The interrupt vectors of real mode, as a PC's firmware leaves them: the handler of each line sends the EOI, that of
 * the timer counts its ticks, and every other one returns at once.
 */
final class InterruptVectors {

    private static final int VECTORS = 256;
    private static final int FAR_POINTER_BYTES = 4;
    private static final int BIOS = 0xf0000;
    private static final int SEGMENT_SHIFT = 4;

    // IBM PC/AT technical reference: lines 0–7 arrive from vector 8, lines 8–15 from vector 0x70
    private static final int TIMER = 0x08;
    private static final int MASTER = 0x08;
    private static final int SLAVE = 0x70;
    private static final int LINES = 8;

    private static final byte[] RETURN = bytes(0xcf); // iret

    private static final byte[] END_TICK = bytes(
            0x1e, 0x50, // push ds; push ax
            0x31, 0xc0, 0x8e, 0xd8, // xor ax, ax; mov ds, ax
            0x83, 0x06, 0x6c, 0x04, 0x01, // add word [0x46c], 1: the ticks, of 32 bits
            0x83, 0x16, 0x6e, 0x04, 0x00, // adc word [0x46e], 0
            0xcd, 0x1c, // int 0x1c: the user's handler
            0xb0, 0x20, 0xe6, 0x20, // mov al, 0x20; out 0x20, al
            0x58, 0x1f, 0xcf); // pop ax; pop ds; iret

    private static final byte[] END_MASTER = bytes(
            0x50, 0xb0, 0x20, 0xe6, 0x20, 0x58, 0xcf); // push ax; mov al, 0x20; out 0x20, al; pop ax; iret

    private static final byte[] END_SLAVE = bytes(
            0x50, 0xb0, 0x20, 0xe6, 0xa0, 0xe6, 0x20, 0x58, 0xcf); // the same, and out 0xa0, al before

    private InterruptVectors() {}

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** Places the vectors and their handlers, if there is room. */
    static void place(BootMemory memory) {
        ByteBuffer code = LittleEndian.allocate(END_TICK.length + END_MASTER.length + END_SLAVE.length + RETURN.length);
        Map<byte[], Integer> offsets = new IdentityHashMap<>();
        for (byte[] handler : List.of(END_TICK, END_MASTER, END_SLAVE, RETURN)) {
            offsets.put(handler, code.position());
            code.put(handler);
        }
        memory.placeInBios("the BIOS's interrupt handlers", code.array()).ifPresent(address -> {
            ByteBuffer table = LittleEndian.allocate(VECTORS * FAR_POINTER_BYTES);
            int first = (int) address - BIOS;
            for (int vector = 0; vector < VECTORS; vector++) {
                table.putShort((short) (first + offsets.get(handler(vector))));
                table.putShort((short) (BIOS >> SEGMENT_SHIFT));
            }
            memory.placeIfFree("the interrupt vectors of real mode", 0, table.array());
        });
    }

    private static byte[] handler(int vector) {
        if (vector == TIMER) {
            return END_TICK;
        }
        if (vector > MASTER && vector < MASTER + LINES) {
            return END_MASTER;
        }
        return vector >= SLAVE && vector < SLAVE + LINES ? END_SLAVE : RETURN;
    }
}
