package dev.interject.cli.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

import dev.interject.interrupt.state.CpuState;

/** The descriptors of a GDT or an LDT (Intel SDM vol. 3A, "Segment Descriptors"). */
public final class DescriptorList {

    private static final SequencedMap<Integer, Long> NONE = Collections.emptyNavigableMap();

    private DescriptorList() {}

    /** Those of the GDT; none in real mode, which does not use it. */
    public static SequencedMap<Integer, Long> ofGdt(CpuState cpu) {
        return cpu.special().inRealMode() ? NONE : of(cpu.tables().gdt());
    }

    /** Those of the LDT; none if LDTR has the null selector, as after reset. */
    public static SequencedMap<Integer, Long> ofLdt(CpuState cpu) {
        return cpu.special().ldt().selector() == 0 ? NONE : of(cpu.tables().ldt());
    }

    /** The 64 bits of each that is not 0, by its offset; one of a system segment in long mode takes two. */
    private static SequencedMap<Integer, Long> of(byte[] table) {
        SequencedMap<Integer, Long> all = new LinkedHashMap<>();
        ByteBuffer bytes = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
        for (int offset = 0; offset + Long.BYTES <= table.length; offset += Long.BYTES) {
            if (bytes.getLong(offset) != 0) {
                all.put(offset, bytes.getLong(offset));
            }
        }
        return all;
    }
}
