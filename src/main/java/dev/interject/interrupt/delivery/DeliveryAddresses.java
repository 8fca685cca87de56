package dev.interject.interrupt.delivery;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;

import dev.interject.interrupt.state.CpuState;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;

/** The linear addresses whose pages a delivery depends on, whichever vector it is of. */
public final class DeliveryAddresses {

    /** More than the frames of an interrupt and of the faults that follow it on the same stack. */
    private static final int DEPTH = 160;
    private static final int PAGE_SHIFT = 12;
    private static final long OFFSET_16 = 0xffffL;
    private static final long OFFSET_32 = 0xffff_ffffL;

    private final CpuState cpu;
    private final LongConsumer visitor;

    private DeliveryAddresses(CpuState cpu, LongConsumer visitor) {
        this.cpu = cpu;
        this.visitor = visitor;
    }

    /** Visits an address on each of the pages; one page perhaps several times. The pages of the state are not used. */
    public static void visit(CpuState cpu, LongConsumer visitor) {
        DeliveryAddresses addresses = new DeliveryAddresses(cpu, visitor);
        if (cpu.special().inLongMode()) {
            addresses.visitLongMode();
        } else {
            addresses.visitProtectedMode();
        }
        addresses.visitTables();
        visitor.accept(cpu.special().linearOfCode(cpu.registers().rip()));
    }

    /** Where the bytes of each table end that could be read. */
    private void visitTables() {
        SpecialRegisters special = cpu.special();
        visitor.accept(special.idt().base() + cpu.tables().idt().length);
        visitor.accept(special.gdt().base() + cpu.tables().gdt().length);
        visitor.accept(special.ldt().base() + cpu.tables().ldt().length);
        visitor.accept(special.tr().base() + cpu.tables().tss().length);
    }

    private void visitLongMode() {
        visitStack(cpu.registers().rsp());
        TaskState tss = new TaskState(cpu);
        for (int ring = 0; ring < TaskState.RINGS; ring++) {
            visitSlot(tss, tss.ofRing(ring));
        }
        for (int number = 1; number <= TaskState.STACK_TABLES; number++) {
            visitSlot(tss, tss.ofTable(number));
        }
        ByteBuffer idt = idt();
        long last = -1;
        for (int at = 0; at + CpuMode.LONG.entryBytes() <= idt.capacity(); at += CpuMode.LONG.entryBytes()) {
            last = visitHandler(offset(idt, at) | Integer.toUnsignedLong(idt.getInt(at + 8)) << Integer.SIZE, last);
        }
    }

    private void visitProtectedMode() {
        visitStack(cpu.special().ss(), cpu.registers().rsp());
        TaskState tss = new TaskState(cpu);
        Descriptors tables = new Descriptors(cpu, 0);
        for (int ring = 0; ring < TaskState.RINGS; ring++) {
            TaskState.Slot slot = tss.ofRing(ring);
            if (tss.unreadable(slot).isEmpty() && tables.missing(tss.selector(slot), 0).isEmpty()) {
                visitStack(tables.at(tss.selector(slot)), tss.pointer(slot));
            }
        }
        ByteBuffer idt = idt();
        long last = -1;
        for (int at = 0; at + CpuMode.PROTECTED.entryBytes() <= idt.capacity(); at += CpuMode.PROTECTED.entryBytes()) {
            long base = tables.baseOf(Short.toUnsignedInt(idt.getShort(at + 2)));
            last = visitHandler(base + offset(idt, at) & OFFSET_32, last);
            last = visitHandler(base + (offset(idt, at) & OFFSET_16) & OFFSET_32, last); // by a gate of 16 bits
        }
    }

    private ByteBuffer idt() {
        return ByteBuffer.wrap(cpu.tables().idt()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long offset(ByteBuffer idt, int at) {
        return Short.toUnsignedLong(idt.getShort(at)) | Short.toUnsignedLong(idt.getShort(at + 6)) << Short.SIZE;
    }

    /** Most handlers share a page. */
    private long visitHandler(long linear, long last) {
        if (last == -1 || linear >>> PAGE_SHIFT != last >>> PAGE_SHIFT) {
            visitor.accept(linear);
        }
        return linear;
    }

    private void visitSlot(TaskState tss, TaskState.Slot slot) {
        if (tss.unreadable(slot).isEmpty()) {
            visitStack(tss.pointer(slot));
        }
    }

    private void visitStack(long pointer) {
        long top = pointer & -Frame.ALIGNMENT;
        visitor.accept(top - 1);
        visitor.accept(top - DEPTH);
    }

    private void visitStack(Segment ss, long pointer) {
        long mask = ss.db() ? OFFSET_32 : OFFSET_16;
        visitor.accept(ss.base() + (pointer - 1 & mask) & OFFSET_32);
        visitor.accept(ss.base() + (pointer - DEPTH & mask) & OFFSET_32);
    }
}
