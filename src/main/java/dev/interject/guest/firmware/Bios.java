package dev.interject.guest.firmware;

import java.nio.ByteBuffer;
import java.util.List;

import dev.interject.guest.boot.BootMemory;
import dev.interject.guest.boot.BuiltFile;
import dev.interject.guest.boot.LittleEndian;
import dev.interject.guest.boot.MemoryRange;

/**
 * What code in real mode finds at the interrupt vectors: a handler for each line that sends the EOI, and the calls of a
 * BIOS that boot code needs. Its code is {@code guest/formats/bios.S}.
 */
final class Bios {

    private static final int VECTORS = 256;
    private static final int FAR_POINTER_BYTES = 4;
    private static final int SEGMENT_SHIFT = 4;

    private static final long KIB = 1 << 10;
    private static final long BLOCK = 64 * KIB;
    private static final long ONE_MIB = 1 << 20;
    private static final long SIXTEEN_MIB = 16 << 20;
    private static final long MOST_EXTENDED_KIB = 0xfc00;
    private static final int RANGE_BYTES = 20;
    /** Four words end the code: the memory by three functions of INT 15h, and the number of ranges. */
    private static final int MEMORY_BYTES = 4 * Short.BYTES;

    private Bios() {}

    /** Places it with the vectors, if there is room. */
    static void place(BootMemory memory) {
        byte[] code = BuiltFile.read("formats/bios.img");
        List<MemoryRange> ranges = memory.map();
        ByteBuffer bios = LittleEndian.allocate(code.length + ranges.size() * RANGE_BYTES);
        bios.put(code).position(code.length - MEMORY_BYTES);
        bios.putShort((short) Math.min((memory.bytes() - ONE_MIB) / KIB, MOST_EXTENDED_KIB));
        bios.putShort((short) ((Math.min(memory.bytes(), SIXTEEN_MIB) - ONE_MIB) / KIB));
        bios.putShort((short) (Math.max(memory.bytes() - SIXTEEN_MIB, 0) / BLOCK));
        bios.putShort((short) ranges.size());
        for (MemoryRange range : ranges) {
            bios.putLong(range.address()).putLong(range.bytes()).putInt(range.type());
        }
        memory.placeInBios("the BIOS", bios.array()).ifPresent(address -> {
            ByteBuffer table = LittleEndian.allocate(VECTORS * FAR_POINTER_BYTES);
            for (int vector = 0; vector < VECTORS; vector++) {
                table.putShort(bios.getShort(vector * Short.BYTES));
                table.putShort((short) (address >> SEGMENT_SHIFT));
            }
            memory.placeIfFree("the interrupt vectors of real mode", 0, table.array());
        });
    }
}
