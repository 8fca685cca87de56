package dev.interject.machine.snapshot;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.interrupt.Irqchip;

/**
 * A part of a virtual machine's state that is restored by calls of its own. Declared in the order in which Interject
 * restores them.
 */
public enum Piece {
    MEMORY(false, "memory of this process", "the guest's RAM"),
    CPUID(true, "KVM_SET_CPUID2", "the CPUID leaves, on which depends what else can be set"),
    PAYLOAD(false, "KVM_ENABLE_CAP", "KVM_CAP_EXCEPTION_PAYLOAD: a pending exception keeps its CR2 or DR6"),
    TSC_KHZ(true, "KVM_SET_TSC_KHZ", "the frequency of the time-stamp counter"),
    SREGS(true, "KVM_SET_SREGS2 or KVM_SET_SREGS", "segments, control registers, EFER, and IA32_APIC_BASE"),
    XCRS(true, "KVM_SET_XCRS", "XCR0"),
    XSAVE(true, "KVM_SET_XSAVE", "FPU, SSE and AVX registers"),
    REGS(true, "KVM_SET_REGS", "general-purpose registers, RIP and RFLAGS"),
    ACCESS(true, "KVM_RUN with immediate_exit", "an open port or memory access, which is completed before saving"),
    DEBUGREGS(true, "KVM_SET_DEBUGREGS", "DR0 to DR3, DR6 and DR7"),
    MSRS(true, "KVM_SET_MSRS", "the other model-specific registers of KVM_GET_MSR_INDEX_LIST"),
    TSC(true, "KVM_SET_MSRS of IA32_TSC", "the time-stamp counter"),
    TSC_ADJUST(true, "KVM_SET_MSRS of IA32_TSC_ADJUST", "what the guest has added to the time-stamp counter"),
    KVMCLOCK(true, "KVM_SET_MSRS of KVM's own", "where the guest's paravirtual clock and its other KVM services are"),
    CLOCK(false, "KVM_SET_CLOCK", "what the paravirtual clock shows"),
    LAPIC(true, "KVM_SET_LAPIC", "IRR, ISR, TPR, the local vector table, and the timer's counts"),
    TSC_DEADLINE(true, "KVM_SET_MSRS of IA32_TSC_DEADLINE", "when the LAPIC's timer is due in TSC-deadline mode"),
    EVENTS(true, "KVM_SET_VCPU_EVENTS", "queued exceptions, interrupts and NMIs, the NMI mask, the interrupt shadow"),
    MP_STATE(true, "KVM_SET_MP_STATE", "whether the vCPU runs, sleeps or waits to be started"),
    ROUTES(false, "KVM_SET_GSI_ROUTING", "where the GSIs lead"),
    PIC_SLAVE(false, "KVM_SET_IRQCHIP", "the slave 8259"),
    PIC_MASTER(false, "KVM_SET_IRQCHIP", "the master 8259"),
    IOAPIC(false, "KVM_SET_IRQCHIP", "the IOAPIC"),
    PIT(false, "KVM_SET_PIT2", "the 8254"),
    LINES(false, "memory of this process", "the lines that devices hold high"),
    IRQFDS(false, "KVM_IRQFD", "the eventfds that are bound to GSIs"),
    WINDOW(false, "memory of this process", "vectors that wait for an interrupt window, or that no ioctl reads");

    private static final Set<Piece> OF_THE_KERNEL =
            Collections.unmodifiableSet(EnumSet.of(LAPIC, TSC_DEADLINE, ROUTES, IOAPIC, PIT, IRQFDS));

    private final boolean ofVcpu;
    private final String call;
    private final String what;

    Piece(boolean ofVcpu, String call, String what) {
        this.ofVcpu = ofVcpu;
        this.call = call;
        this.what = what;
    }

    /** Its name in options, text and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The piece of this name; empty if there is none. */
    public static Optional<Piece> of(String label) {
        return Stream.of(values()).filter(piece -> piece.label().equals(label)).findFirst();
    }

    /** Whether each vCPU has one. */
    public boolean isOfVcpu() {
        return ofVcpu;
    }

    /** Whether machines with this irqchip can have it. */
    public boolean isOf(Irqchip irqchip) {
        return switch (irqchip) {
            case KERNEL -> this != WINDOW;
            case SPLIT -> this != PIT;
            case USERSPACE -> !OF_THE_KERNEL.contains(this);
        };
    }

    /** What restores it: an ioctl, where the controller is in the kernel. */
    public String call() {
        return call;
    }

    /** What it holds, in a few words. */
    public String what() {
        return what;
    }

    @Override
    public String toString() {
        return label();
    }
}
