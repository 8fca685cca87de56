package dev.interject.interrupt.delivery;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.DescriptorTables;
import dev.interject.interrupt.state.Page;
import dev.interject.interrupt.state.Pages;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;

/** A vCPU that can take every event, in one of the CPU's modes, and what tests change in it. */
public final class CpuSample {

    public static final int CODE = 0x08;
    public static final int DATA = 0x10;
    public static final int USER_CODE = 0x1b;
    public static final int USER_DATA = 0x23;
    public static final int TSS = 0x28;
    public static final long STACK = 0x7000;
    /** RSP0, or ESP0 in segment {@link #DATA}. */
    public static final long STACK_0 = 0x6000;
    public static final long HANDLERS = 0x8000;
    public static final long NEXT = 0x9000;

    public static final long CODE_64 = 0x00af9b000000ffffL;
    public static final long CODE_32 = 0x00cf9b000000ffffL;
    public static final long DATA_32 = 0x00cf93000000ffffL;
    public static final long RING_3 = 3L << 45;
    static final long PRESENT = 1L << 47;

    private static final int VECTORS = 256;
    private static final int DESCRIPTORS = 8;
    private static final int INTERRUPT_GATE = 0x8e;
    private static final int BUSY_TSS = 0xb;
    private static final int TSS_BYTES = 104;
    private static final long CR0_PE = 1;
    static final long CR0_PG = 1L << 31;
    private static final long CR4_PAE = 1 << 5;
    private static final long EFER_LMA = 1 << 10;
    private static final long VM = 1 << 17;
    private static final long IF = 1 << 9;

    private final CpuMode mode;
    private byte[] idt;
    private int idtLimit;
    private byte[] gdt = new byte[DESCRIPTORS * Long.BYTES];
    private int gdtLimit = gdt.length - 1;
    private byte[] ldt = {};
    private byte[] tss = new byte[TSS_BYTES];
    private int tssLimit = TSS_BYTES - 1;
    private int tssType = BUSY_TSS;
    private Segment ss;
    private int cs = CODE;
    private long csBase;
    private long stack = STACK;
    private long next = NEXT;
    private long flags = IF;
    private long cr0;
    private long cr4;
    private long efer;
    private final Map<Long, Page> pages = new HashMap<>();

    private CpuSample(CpuMode mode) {
        this.mode = mode;
        this.idt = new byte[VECTORS * mode.entryBytes()];
        this.idtLimit = idt.length - 1;
        descriptor(CODE, mode == CpuMode.LONG ? CODE_64 : CODE_32);
        descriptor(DATA, DATA_32);
        descriptor(USER_CODE, (mode == CpuMode.LONG ? CODE_64 : CODE_32) | RING_3);
        descriptor(USER_DATA, DATA_32 | RING_3);
        this.ss = segment(DATA);
        for (int vector = 0; vector < VECTORS; vector++) {
            gate(vector, INTERRUPT_GATE, CODE, HANDLERS + vector);
        }
    }

    public static CpuSample longMode() {
        CpuSample sample = new CpuSample(CpuMode.LONG);
        sample.cr0 = CR0_PE | CR0_PG;
        sample.cr4 = CR4_PAE;
        sample.efer = EFER_LMA;
        sample.tss(4, STACK_0, Long.BYTES);
        return sample.mapped();
    }

    /** 32-bit code with 32-bit paging. */
    public static CpuSample protectedMode() {
        CpuSample sample = new CpuSample(CpuMode.PROTECTED);
        sample.cr0 = CR0_PE | CR0_PG;
        sample.tss(4, STACK_0, Integer.BYTES);
        sample.tss(8, DATA, Short.BYTES);
        return sample.mapped();
    }

    /** A task in virtual-8086 mode. */
    static CpuSample virtual8086() {
        CpuSample sample = new CpuSample(CpuMode.VIRTUAL_8086);
        sample.cr0 = CR0_PE | CR0_PG;
        sample.flags |= VM;
        sample.cs = 0x900;
        sample.csBase = 0x9000;
        sample.next = 0;
        sample.ss = realSegment(0x100);
        sample.tss(4, STACK_0, Integer.BYTES);
        sample.tss(8, DATA, Short.BYTES);
        return sample.mapped();
    }

    static CpuSample realMode() {
        CpuSample sample = new CpuSample(CpuMode.REAL);
        sample.cs = 0;
        sample.ss = realSegment(0);
        return sample;
    }

    static Segment realSegment(int selector) {
        return new Segment((long) selector << 4, 0xffff, selector, 3, true, 0, false, true, false, false, false);
    }

    private CpuSample mapped() {
        for (long page = 0x1000; page < 0x10000; page += 0x1000) {
            page(page, Page.ofRam(page).asUser());
        }
        return this;
    }

    /** Code and stack of ring 3. */
    public CpuSample inRing3() {
        cs = USER_CODE;
        ss = segment(USER_DATA);
        return this;
    }

    /** A gate whose access byte, selector and offset are these. */
    public CpuSample gate(int vector, int access, int selector, long offset) {
        ByteBuffer entry = bytes(idt).position(vector * mode.entryBytes());
        entry.putShort((short) offset).putShort((short) selector);
        if (mode != CpuMode.REAL) {
            entry.put((byte) 0).put((byte) access).putShort((short) (offset >> 16));
        }
        if (mode == CpuMode.LONG) {
            entry.putInt((int) (offset >> 32));
        }
        return this;
    }

    /** An entry of the interrupt vector table of real mode. */
    CpuSample vector(int vector, int segment, int offset) {
        return gate(vector, 0, segment, offset);
    }

    /** The stack table of a gate. */
    CpuSample stackTable(int vector, int number) {
        idt[vector * mode.entryBytes() + 4] = (byte) number;
        return this;
    }

    CpuSample idtLimit(int limit) {
        idtLimit = limit;
        return this;
    }

    /** How much of the IDT can be read. */
    CpuSample idtBytes(int count) {
        idt = Arrays.copyOf(idt, count);
        return this;
    }

    public CpuSample descriptor(int selector, long value) {
        bytes(gdt).putLong(selector & -8, value);
        return this;
    }

    CpuSample gdtLimit(int limit) {
        gdtLimit = limit;
        return this;
    }

    CpuSample gdtBytes(int count) {
        gdt = Arrays.copyOf(gdt, count);
        return this;
    }

    CpuSample ldt(long... descriptors) {
        ldt = new byte[descriptors.length * Long.BYTES];
        bytes(ldt).asLongBuffer().put(descriptors);
        return this;
    }

    /** A number in the TSS. */
    CpuSample tss(int at, long value, int size) {
        for (int i = 0; i < size; i++) {
            tss[at + i] = (byte) (value >> i * 8);
        }
        return this;
    }

    CpuSample tssLimit(int limit) {
        tssLimit = limit;
        return this;
    }

    CpuSample tssOf16Bits() {
        tssType = 3;
        return tss(2, STACK_0, Short.BYTES).tss(4, DATA, Short.BYTES);
    }

    CpuSample cs(int selector) {
        cs = selector;
        return this;
    }

    CpuSample ss(Segment segment) {
        ss = segment;
        return this;
    }

    /** SS holds a selector; its hidden part does not change. */
    CpuSample ss(int selector) {
        ss = new Segment(ss.base(), ss.limit(), selector, ss.type(), ss.present(), ss.dpl(), ss.db(), ss.system(),
                ss.longMode(), ss.pageGranular(), ss.unusable());
        return this;
    }

    /** A stack segment with another limit and type. */
    CpuSample ss(int limit, int type, boolean is32Bit) {
        ss = new Segment(0, limit, DATA, type, true, 0, is32Bit, true, false, false, false);
        return this;
    }

    public CpuSample stack(long pointer) {
        stack = pointer;
        return this;
    }

    CpuSample next(long instruction) {
        next = instruction;
        return this;
    }

    CpuSample flags(long more) {
        flags |= more;
        return this;
    }

    CpuSample cr0(long changed) {
        cr0 ^= changed;
        return this;
    }

    CpuSample cr4(long more) {
        cr4 |= more;
        return this;
    }

    CpuSample efer(long more) {
        efer |= more;
        return this;
    }

    public CpuSample page(long linear, Page page) {
        pages.put(Pages.numberOf(linear), page);
        return this;
    }

    private Segment segment(int selector) {
        return new Descriptors(state(), 0).at(selector);
    }

    public CpuState state() {
        Segment none = new Segment(0, 0, 0, 0, false, 0, false, false, false, false, true);
        Segment ldtr = ldt.length == 0 ? none
                : new Segment(0x5000, ldt.length - 1, 0x38, 2, true, 0, false, false, false, false, false);
        Segment tr = new Segment(0x4000, tssLimit, TSS, tssType, true, 0, false, false, false, false, false);
        Segment code = new Segment(csBase, -1, cs, 0xb, true, cs & 3, true, true, mode == CpuMode.LONG, true, false);
        SpecialRegisters special = new SpecialRegisters(code, none, none, none, none, ss == null ? none : ss, tr, ldtr,
                new DescriptorTable(0x2000, gdtLimit), new DescriptorTable(0x3000, idtLimit), cr0, 0, 0, cr4, 0, efer,
                0);
        Registers registers = new Registers(0, 0, 0, 0, 0, 0, stack, 0, 0, 0, 0, 0, 0, 0, 0, 0, next, flags | 2);
        return new CpuState(MpState.RUNNABLE, registers, special, VcpuEvents.NONE, true, false,
                new DescriptorTables(idt, gdt, ldt, tss),
                (cr0 & CR0_PG) != 0 ? new Pages.Walked(pages) : new Pages.Unpaged(0x10000));
    }

    private static ByteBuffer bytes(byte[] array) {
        return ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
    }
}
