package dev.interject.interrupt.gate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.PitState;
import dev.interject.device.Redirection;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.DescriptorTables;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Page;
import dev.interject.interrupt.state.Pages;
import dev.interject.interrupt.state.PeerState;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;

/** A guest in long mode that nothing keeps from taking an interrupt, and what tests change in it. */
final class GuestStateSample {

    static final int MASTER_BASE = 0x20;
    static final int SLAVE_BASE = 0x28;
    static final VcpuEvents NO_EVENTS = events(false, false, false);

    private static final long RFLAGS_CLOSED = 0x2;
    private static final long RFLAGS_OPEN = 0x202;
    static final int LAPIC_ID = 0x20;
    static final int LAPIC_SVR = 0xf0;
    static final int LAPIC_LVT0 = 0x350;
    static final int LAPIC_LDR = 0xd0;
    static final int LAPIC_DFR = 0xe0;

    private static final long MASKED_PIN = 1 << 16;
    static final long CODE_DESCRIPTOR = 0x00af9b000000ffffL;
    /** The LAPIC at its usual address, on, of the first vCPU. */
    static final long APIC_BASE = 0xfee00900L;
    static final long APIC_BASE_ON = 1 << 11;
    static final long APIC_BASE_X2APIC = 1 << 10;
    private static final long CR0_PE_PG = 1 | 1L << 31;

    private Irqchip irqchip = Irqchip.KERNEL;
    private int vcpu;
    private int vcpus = 1;
    private MpState activity = MpState.RUNNABLE;
    private final Map<Integer, GuestStateSample> peers = new TreeMap<>();
    private long rflags = RFLAGS_OPEN;
    private long cr0 = CR0_PE_PG;
    private long efer = 1 << 10; // LMA
    private VcpuEvents events = NO_EVENTS;
    private boolean ready = true;
    private PicState master = PicSample.pic(MASTER_BASE, 0, 0);
    private PicState slave = PicSample.pic(SLAVE_BASE, 0, 0);
    private final List<Redirection> pins =
            new ArrayList<>(Collections.nCopies(24, new Redirection(MASKED_PIN)));
    private final byte[] lapic = LapicSample.enabled();
    private byte[] idt = TableSample.gates();
    private byte[] gdt = TableSample.descriptors(0, CODE_DESCRIPTOR);
    private byte[] tss = {};
    private int tssLimit = -1;
    private int gdtLimit = gdt.length - 1;
    private int ring;
    private long cr4 = 1 << 5; // PAE
    private long apicBase = APIC_BASE;
    private List<GsiRoute> routes = GsiRoute.standard();
    private int linesHigh;
    private int ioapicIrr;
    private Pages.Walked pages = new Pages.Walked(Map.of());
    private long rsp;
    private int ss;
    private long deadline;
    private PitState pit;
    private OptionalInt held = OptionalInt.empty();
    private int idtLimit = idt.length - 1;

    static GuestStateSample open() {
        return new GuestStateSample();
    }

    /** The GDT's descriptors, the first of which no selector can name. */
    GuestStateSample gdt(long... values) {
        return gdt(values.length * Long.BYTES - 1, TableSample.descriptors(values));
    }

    /** A GDT whose limit says more, or less, than can be read. */
    GuestStateSample gdt(int limit, byte... readable) {
        gdtLimit = limit;
        gdt = readable;
        return this;
    }

    /** The ring of the code that is interrupted. */
    GuestStateSample inRing(int number) {
        ring = number;
        return this;
    }

    /** IA32_APIC_BASE. */
    GuestStateSample apicBase(long value) {
        apicBase = value;
        return this;
    }

    /** Linear addresses of 57 bits (CR4.LA57). */
    GuestStateSample withFiveLevelsOfPaging() {
        cr4 |= 1 << 12;
        return this;
    }

    /** Where the kernel's GSIs lead, instead of the standard routes. */
    GuestStateSample routes(GsiRoute... entries) {
        routes = List.of(entries);
        return this;
    }

    GuestStateSample tss(byte... bytes) {
        return tss(bytes.length - 1, bytes);
    }

    /** A TSS whose limit says more, or less, than can be read. */
    GuestStateSample tss(int limit, byte... bytes) {
        tssLimit = limit;
        tss = bytes;
        return this;
    }

    /** The pins of the IOAPIC that are high and have not sent an edge. */
    GuestStateSample ioapicIrr(int pins) {
        ioapicIrr = pins;
        return this;
    }

    /** The page of a linear address. */
    GuestStateSample page(long linear, Page page) {
        Map<Long, Page> known = new HashMap<>(pages.byNumber());
        known.put(Pages.numberOf(linear), page);
        pages = new Pages.Walked(known);
        return this;
    }

    GuestStateSample rsp(long value) {
        rsp = value;
        return this;
    }

    /** The selector in SS. */
    GuestStateSample ss(int selector) {
        ss = selector;
        return this;
    }

    /** IA32_TSC_DEADLINE. */
    GuestStateSample deadline(long value) {
        deadline = value;
        return this;
    }

    /** The vector of KVM_INTERRUPT that KVM holds. */
    GuestStateSample held(int vector) {
        held = OptionalInt.of(vector);
        return this;
    }

    /** A PIT in the kernel. */
    GuestStateSample pit(PitState state) {
        pit = state;
        return this;
    }

    /** A line that is held high, which an IOAPIC's state does not show. */
    GuestStateSample high(int line) {
        linesHigh |= 1 << line;
        return this;
    }

    /** One of several vCPUs; the others are open, with their numbers as their APIC IDs. */
    GuestStateSample vcpu(int number, int ofHowMany, MpState state) {
        vcpu = number;
        vcpus = ofHowMany;
        activity = state;
        return lapic(LAPIC_ID, number << 24);
    }

    /** What another vCPU is like, as {@link #vcpu} has it for this one. */
    GuestStateSample peer(int number, GuestStateSample sample) {
        peers.put(number, sample);
        return this;
    }

    private List<PeerState> peers() {
        return IntStream.range(0, vcpus).filter(number -> number != vcpu).mapToObj(number -> {
            GuestState peer = peers.getOrDefault(number, open().lapic(LAPIC_ID, number << 24)).on(irqchip).state();
            return new PeerState(number, peer.cpu(), peer.controllers().lapic(), 0);
        }).toList();
    }

    GuestStateSample on(Irqchip where) {
        irqchip = where;
        return this;
    }

    GuestStateSample closed() {
        rflags = RFLAGS_CLOSED;
        return this;
    }

    GuestStateSample notReady() {
        ready = false;
        return this;
    }

    GuestStateSample with(VcpuEvents queued) {
        events = queued;
        return this;
    }

    GuestStateSample master(PicState chip) {
        master = chip;
        return this;
    }

    GuestStateSample slave(PicState chip) {
        slave = chip;
        return this;
    }

    GuestStateSample inProtectedMode() {
        efer = 0;
        return this;
    }

    GuestStateSample inRealMode() {
        efer = 0;
        cr0 = 0;
        return this;
    }

    /** A table of these bytes, all of them mapped. */
    GuestStateSample idt(byte... bytes) {
        return idt(bytes.length - 1, bytes);
    }

    /** A table whose limit says more, or less, than can be read. */
    GuestStateSample idt(int limit, byte... readable) {
        idtLimit = limit;
        idt = readable;
        return this;
    }

    /** A redirection entry of the IOAPIC. */
    GuestStateSample pin(int pin, long bits) {
        pins.set(pin, new Redirection(bits));
        return this;
    }

    /** A 32-bit register of the LAPIC. */
    GuestStateSample lapic(int offset, int value) {
        ByteBuffer.wrap(lapic).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
        return this;
    }

    GuestState state() {
        Segment none = new Segment(0, 0, 0, 0, false, 0, false, false, false, false, true);
        Segment task = new Segment(0, tssLimit, 0, 0xb, true, 0, false, false, false, false, false);
        Segment stack = new Segment(0, -1, ss, 3, true, ring, true, true, false, true, ss == 0);
        Segment code = new Segment(0, -1, 8 | ring, 0xb, true, ring, false, true, true, true, false);
        SpecialRegisters special = new SpecialRegisters(code, none, none, none, none, stack, task, none,
                new DescriptorTable(0x8000, gdtLimit), new DescriptorTable(0x9000, idtLimit), cr0, 0, 0, cr4, 0, efer,
                apicBase);
        Registers registers = new Registers(0, 0, 0, 0, 0, 0, rsp, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x8000, rflags);
        CpuState cpu = new CpuState(activity, registers, special, events, ready, activity == MpState.HALTED,
                new DescriptorTables(idt, gdt, new byte[0], tss), pages);
        return new GuestState(irqchip, vcpu, cpu, new ControllerState(master, slave,
                Optional.of(new IoapicState(ioapicIrr, pins)),
                irqchip.hasLapicInKernel() ? Optional.of(new LapicRegisters(lapic)) : Optional.empty(), deadline,
                Optional.ofNullable(pit), held, irqchip == Irqchip.KERNEL ? routes : List.of(), linesHigh), peers());
    }

    static VcpuEvents events(boolean queued, boolean stiShadow, boolean movSsShadow) {
        VcpuEvents shadow = VcpuEvents.NONE.withShadow(stiShadow, movSsShadow);
        return queued ? shadow.withInterrupt(0x55) : shadow;
    }
}
