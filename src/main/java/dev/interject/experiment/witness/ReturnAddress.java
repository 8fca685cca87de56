package dev.interject.experiment.witness;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

import dev.interject.interrupt.delivery.CpuMode;
import dev.interject.interrupt.delivery.Descriptors;
import dev.interject.interrupt.state.CpuState;
import dev.interject.kvm.state.SpecialRegisters;

/** Where a handler returns to that is about to execute its first instruction. */
final class ReturnAddress {

    private static final long OFFSET_32 = 0xffff_ffffL;
    private static final long OFFSET_16 = 0xffffL;
    private static final int REAL_SHIFT = 4;

    /** Reads memory at a linear address; fewer bytes if not all is there. */
    interface Reader {

        /** Reads some bytes. */
        byte[] read(long linear, int length);
    }

    private ReturnAddress() {}

    /** The linear address that an interrupt without error code has pushed; empty if the stack cannot be read. */
    static OptionalLong of(CpuState cpu, Reader memory) {
        SpecialRegisters special = cpu.special();
        CpuMode mode = CpuMode.of(special, cpu.registers());
        int word = mode == CpuMode.LONG ? Long.BYTES : mode == CpuMode.REAL ? Short.BYTES : Integer.BYTES;
        long pointer = cpu.registers().rsp() & (special.ss().db() ? OFFSET_32 : OFFSET_16);
        byte[] frame = memory.read(mode == CpuMode.LONG ? cpu.registers().rsp() : special.ss().base() + pointer,
                2 * word);
        if (frame.length < 2 * word) {
            return OptionalLong.empty();
        }
        ByteBuffer words = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        return OptionalLong.of(switch (mode) {
            case LONG -> words.getLong(0);
            case REAL -> ((long) Short.toUnsignedInt(words.getShort(Short.BYTES)) << REAL_SHIFT)
                    + Short.toUnsignedInt(words.getShort(0));
            case PROTECTED, VIRTUAL_8086 ->
                new Descriptors(cpu, 0).baseOf(Short.toUnsignedInt(words.getShort(word))) + words.getInt(0) & OFFSET_32;
        });
    }
}
