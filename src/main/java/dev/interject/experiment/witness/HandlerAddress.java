package dev.interject.experiment.witness;

import java.util.OptionalLong;

import dev.interject.interrupt.delivery.CpuMode;
import dev.interject.interrupt.delivery.Descriptors;
import dev.interject.interrupt.delivery.GateType;
import dev.interject.interrupt.delivery.IdtEntry;
import dev.interject.interrupt.state.CpuState;

/** Where a handler's first instruction is. */
final class HandlerAddress {

    private static final int REAL_SHIFT = 4;
    private static final long OFFSET_32 = 0xffff_ffffL;

    private HandlerAddress() {}

    /**
     * The linear address of the first instruction of a vector's handler; empty if the table names none, or a task.
     *
     * @param vector 0–255
     */
    static OptionalLong of(CpuState cpu, int vector) {
        IdtEntry entry = IdtEntry.of(cpu, vector);
        if (entry.failure().isPresent() || entry.type() == GateType.TASK) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(switch (CpuMode.of(cpu.special(), cpu.registers())) {
            case REAL -> ((long) entry.selector() << REAL_SHIFT) + entry.handler();
            case PROTECTED, VIRTUAL_8086 ->
                new Descriptors(cpu, 0).baseOf(entry.selector()) + entry.handler() & OFFSET_32;
            case LONG -> entry.handler();
        });
    }
}
