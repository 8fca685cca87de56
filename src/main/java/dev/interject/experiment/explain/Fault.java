package dev.interject.experiment.explain;

import java.util.Locale;

import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.Prediction.Fate;

/**
 * A faulty or tricky situation: a guest, an interrupt for it, and what is done to its state by hand before anybody
 * looks. Each shows one gate at work, or two.
 */
public enum Fault {
    PIC_NOT_PROGRAMMED("the guest has never programmed its 8259s", GateKind.PIC_BASE, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.NO_PIC, 10)),
    LINE_MASKED("the line's bit of the master's IMR is set", GateKind.PIC_IMR, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.PIC, 5).master(pic -> pic.withImr(pic.imr() | 1 << 5))),
    SLAVE_MASKED("the line's bit of the slave's IMR is set", GateKind.PIC_IMR, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.PIC, 10).slave(pic -> pic.withImr(0xff))),
    CASCADE_MASKED("the slave's line is open, but the master masks the slave", GateKind.PIC_IMR, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.PIC, 10).master(pic -> pic.withImr(0xff))),
    NO_EOI("a handler that sent no EOI", GateKind.PIC_ISR, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.NO_EOI, 5).after(1)),
    NO_SLAVE_EOI("the handler's EOI reached the master only", GateKind.PIC_ISR, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.PIC, 10).slave(pic -> pic.withIsr(1 << 2))),
    NO_MASTER_EOI("the handler's EOI reached the slave only: the first of lines 8 to 15 worked, and no other does",
            GateKind.PIC_ISR, Fate.WAITS, FaultScenario.line(BuiltinGuest.PIC, 10).master(pic -> pic.withIsr(1 << 2))),
    HIGHER_IN_SERVICE("a line of higher priority is being handled", GateKind.PIC_ISR, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.PIC, 5).master(pic -> pic.withIsr(1 << 3))),
    LOWER_IN_SERVICE("a line of lower priority is being handled: no obstacle", GateKind.PIC_ISR, Fate.TAKEN,
            FaultScenario.line(BuiltinGuest.PIC, 3).master(pic -> pic.withIsr(1 << 5))),
    ROTATED_PRIORITY("priorities are rotated, so that a line of a higher number comes first", GateKind.PIC_ISR,
            Fate.WAITS, FaultScenario.line(BuiltinGuest.PIC, 3).master(pic -> pic.withTopPriority(5).withIsr(1 << 6))),
    ROTATED_AWAY("priorities are rotated, so that the level in service is below the line", GateKind.PIC_ISR,
            Fate.TAKEN, FaultScenario.line(BuiltinGuest.PIC, 5).master(pic -> pic.withTopPriority(4).withIsr(1 << 3))),
    SLAVE_BEHIND_SLAVE("a higher line of the slave, while a lower one of it is handled: the cascade is in service",
            GateKind.PIC_ISR, Fate.WAITS, FaultScenario.line(BuiltinGuest.PIC, 9)
                    .master(pic -> pic.withIsr(1 << 2))
                    .slave(pic -> pic.withIsr(1 << 2))),
    SPECIAL_FULLY_NESTED("the same with special fully nested mode in the master: no obstacle", GateKind.PIC_ISR,
            Fate.TAKEN, FaultScenario.line(BuiltinGuest.PIC, 9)
                    .master(pic -> pic.withSpecialFullyNested(true).withIsr(1 << 2))
                    .slave(pic -> pic.withIsr(1 << 2))),
    SPECIAL_MASK("special mask mode, and the level in service is masked: KVM's own 8259 does not act on it",
            GateKind.PIC_ISR, Fate.WAITS, FaultScenario.line(BuiltinGuest.PIC, 5)
                    .master(pic -> pic.withSpecialMask(true).withIsr(1 << 3).withImr(pic.imr() | 1 << 3))),
    SPECIAL_MASK_HERE("the same in our own 8259, which does", GateKind.PIC_ISR, Fate.TAKEN,
            FaultScenario.ownLine(BuiltinGuest.PIC, 5)
                    .master(pic -> pic.withSpecialMask(true).withIsr(1 << 3).withImr(pic.imr() | 1 << 3))),
    AUTO_EOI("automatic EOI: nothing is ever in service", GateKind.PIC_ISR, Fate.TAKEN,
            FaultScenario.line(BuiltinGuest.NO_EOI, 5).master(pic -> pic.withAutoEoi(true)).afterSetUp(1)),
    LINE_HELD_HIGH("an edge-triggered line that was raised and never lowered", GateKind.WIRE, Fate.DROPPED,
            FaultScenario.line(BuiltinGuest.PIC, 10).slave(pic -> pic.withLinesHigh(1 << 2))),
    LEVEL_PULSED("a level-triggered line that is pulsed: the request is gone with the pulse", GateKind.WIRE,
            Fate.DROPPED, FaultScenario.line(BuiltinGuest.PIC, 5).master(pic -> pic.withElcr(1 << 5))),
    LEVEL_PULSED_SLAVE("the same at the slave, whose request the master has seen: a spurious IRQ 15", GateKind.WIRE,
            Fate.MISROUTED, FaultScenario.line(BuiltinGuest.PIC, 10).slave(pic -> pic.withElcr(1 << 2))),
    LEVEL_HELD("a level-triggered line that is held: as it should be", GateKind.WIRE, Fate.TAKEN,
            FaultScenario.line(BuiltinGuest.PIC, 10).trigger(Trigger.LEVEL)),
    ALREADY_REQUESTED("one that waits already, behind IF=0", GateKind.INTERRUPT_FLAG, Fate.MERGES,
            FaultScenario.line(BuiltinGuest.DEAF, 10)
                    .slave(pic -> pic.withIrr(1 << 2))
                    .master(pic -> pic.withIrr(1 << 2))),
    CASCADE_LINE("line 2, which is the slave's", GateKind.CASCADE, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.PIC, 2)),
    LINT0_MASKED("the LAPIC's pin for the 8259s is masked", GateKind.LVT0, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.PIC, 10).lapic(lapic -> lapic.withLint0(0x10700))),
    LINT0_FIXED("the LAPIC's pin for the 8259s is no ExtINT", GateKind.LVT0, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.PIC, 10).lapic(lapic -> lapic.withLint0(0x00030))),
    LINT0_OF_SPLIT("the same with the 8259s here", GateKind.LVT0, Fate.WAITS,
            FaultScenario.of(BuiltinGuest.PIC, Irqchip.SPLIT, Path.VECTOR).lapic(lapic -> lapic.withLint0(0x10700))),
    NO_SUCH_GSI("GSI 24, of 0 to 23", GateKind.GSI, Fate.MISROUTED, FaultScenario.line(BuiltinGuest.APIC, 24)),
    NO_ROUTE("the routing table was replaced by an empty one", GateKind.ROUTE, Fate.DROPPED,
            FaultScenario.line(BuiltinGuest.PIC, 10).bench(bench -> bench.clearRoutes())),
    PIN_MASKED("the IOAPIC's pin is masked: an edge is forgotten", GateKind.IOAPIC_MASK, Fate.DROPPED,
            FaultScenario.pin(20, bits -> bits | 1 << 16)),
    PIN_REMOTE_IRR("a level pin whose last interrupt got no EOI", GateKind.IOAPIC_REMOTE_IRR, Fate.WAITS,
            FaultScenario.pin(20, bits -> bits | 1 << 14 | 1 << 15).trigger(Trigger.LEVEL)),
    PIN_NMI("a pin with delivery mode NMI", GateKind.IOAPIC_MODE, Fate.MISROUTED,
            FaultScenario.pin(20, bits -> bits | 4 << 8)),
    PIN_EXTINT("a pin with delivery mode ExtINT", GateKind.IOAPIC_MODE, Fate.MISROUTED,
            FaultScenario.pin(20, bits -> bits | 7 << 8)),
    PIN_ELSEWHERE("a pin for an APIC ID that nobody has", GateKind.DESTINATION, Fate.MISROUTED,
            FaultScenario.pin(20, bits -> bits | 7L << 56)),
    PIN_LOGICAL("a pin in logical mode, for a logical ID that is not the LAPIC's", GateKind.DESTINATION, Fate.MISROUTED,
            FaultScenario.pin(20, bits -> bits | 1 << 11 | 0x80L << 56)),
    PIN_LOW_VECTOR("a pin with vector 0x0f", GateKind.VECTOR, Fate.MISROUTED,
            FaultScenario.pin(20, bits -> bits & ~0xff | 0xf)),
    PIN_OF_SPLIT_MASKED("a masked pin of the IOAPIC here", GateKind.IOAPIC_MASK, Fate.DROPPED,
            FaultScenario.of(BuiltinGuest.APIC, Irqchip.SPLIT, Path.LINE)
                    .line(20)
                    .redirection(20, bits -> bits | 1 << 16)),
    MESSAGE_ADDRESS("a message to 0x1000, where no LAPIC is: KVM takes it for one to APIC ID 1", GateKind.DESTINATION,
            Fate.MISROUTED, FaultScenario.message(0x1000, 0x50)),
    MESSAGE_NOWHERE("a message to an APIC ID that nobody has", GateKind.DESTINATION, Fate.MISROUTED,
            FaultScenario.message(0xfee05000, 0x50)),
    MESSAGE_LOW_VECTOR("a message with vector 0x0f", GateKind.VECTOR, Fate.MISROUTED,
            FaultScenario.message(0xfee00000, 0x0f)),
    MESSAGE_EXCEPTION("a message with vector 0x10: it arrives as if it were #MF", GateKind.VECTOR, Fate.BREAKS,
            FaultScenario.message(0xfee00000, 0x10)),
    LAPIC_SOFTWARE_OFF("the guest has not enabled its LAPIC (SVR bit 8)", GateKind.LAPIC_SVR, Fate.DROPPED,
            FaultScenario.message(0xfee00000, 0x50).lapic(lapic -> lapic.withSoftwareEnabled(false))),
    TASK_PRIORITY("the task priority is as high as the vector's class", GateKind.LAPIC_TPR, Fate.WAITS,
            FaultScenario.message(0xfee00000, 0x50).lapic(lapic -> lapic.withTaskPriority(0x50))),
    TASK_PRIORITY_BELOW("the task priority is one class below the vector's: no obstacle", GateKind.LAPIC_TPR,
            Fate.TAKEN, FaultScenario.message(0xfee00000, 0x50).lapic(lapic -> lapic.withTaskPriority(0x4f))),
    MESSAGE_WAITS_ALREADY("one of the same vector waits behind the task priority", GateKind.LAPIC_TPR, Fate.MERGES,
            FaultScenario.message(0xfee00000, 0x50)
                    .lapic(lapic -> lapic.withTaskPriority(0x50).withRequested(0x50))),
    LAPIC_OFF("the guest has switched its LAPIC off (IA32_APIC_BASE)", GateKind.LAPIC_ENABLE, Fate.DROPPED,
            FaultScenario.message(0xfee00000, 0x50)
                    .bench(bench -> bench.special(special -> special.withApicBase(special.apicBase() & ~(1 << 11))))),
    PIN_LOGICAL_MATCH("a pin in logical mode, for the LAPIC's logical ID: no obstacle", GateKind.DESTINATION,
            Fate.TAKEN,
            FaultScenario.pin(20, bits -> bits | 1 << 11 | 0x81L << 56)
                    .lapic(lapic -> lapic.withRegister(0xd0, 1 << 24))),
    PIN_LOWEST_PRIORITY("a pin with delivery mode lowest priority: no obstacle with one vCPU", GateKind.IOAPIC_MODE,
            Fate.TAKEN, FaultScenario.pin(20, bits -> bits | 1 << 8)),
    PIN_ACTIVE_LOW("a pin that is active low: KVM keeps the bit, and takes no notice", GateKind.WIRE, Fate.TAKEN,
            FaultScenario.pin(20, bits -> bits | 1 << 13)),
    STI_SHADOW("the guest has just executed STI: held for one instruction", GateKind.SHADOW, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.SPIN, 10)
                    .bench(bench -> bench.interruptFlag(true))
                    .bench(bench -> bench.shadow(true, false))),
    MOV_SS_SHADOW("the guest has just executed MOV SS: held for one instruction", GateKind.SHADOW, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.SPIN, 10)
                    .bench(bench -> bench.interruptFlag(true))
                    .bench(bench -> bench.shadow(false, true))),
    NMI_IN_NMI("an NMI while another is being handled: held until its IRET", GateKind.NMI_MASK, Fate.WAITS,
            FaultScenario.of(BuiltinGuest.SLOW, Irqchip.KERNEL, Path.NMI).after(1)),
    VECTOR_QUEUED("a vector from outside, while another is queued already", GateKind.EVENT_QUEUE, Fate.WAITS,
            FaultScenario.of(BuiltinGuest.PIC, Irqchip.USERSPACE, Path.VECTOR)
                    .rawVector(0x41)
                    .bench(bench -> bench.queue(0x42))),
    X2APIC("a message to a LAPIC in x2APIC mode: no obstacle", GateKind.DESTINATION, Fate.TAKEN,
            FaultScenario.of(BuiltinGuest.X2APIC, Irqchip.KERNEL, Path.MSI)),
    VCPU_NOT_STARTED("a message to a vCPU that the guest has not started", GateKind.ACTIVITY, Fate.MISROUTED,
            FaultScenario.of(BuiltinGuest.APIC, Irqchip.KERNEL, Path.MSI).toSecond()),
    CLOSED("the guest sleeps with IF=0", GateKind.INTERRUPT_FLAG, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.DEAF, 10)),
    CLOSED_LEGACY("the same without a controller in the kernel: forced in, it would break the guest",
            GateKind.INTERRUPT_FLAG, Fate.WAITS,
            FaultScenario.of(BuiltinGuest.DEAF, Irqchip.USERSPACE, Path.VECTOR).rawVector(0x41)),
    NMI_DESPITE_IF("an NMI for a guest with IF=0: no obstacle", GateKind.NMI_MASK, Fate.TAKEN,
            FaultScenario.of(BuiltinGuest.NMI, Irqchip.KERNEL, Path.NMI)),
    NO_IDT("an empty IDT", GateKind.IDT, Fate.BREAKS, FaultScenario.line(BuiltinGuest.NO_IDT, 10)),
    NO_GATE("a gate that is not present", GateKind.IDT, Fate.BREAKS, FaultScenario.line(BuiltinGuest.NO_GATE, 10)),
    SHORT_IDT("an IDT that ends before the vector", GateKind.IDT, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.PIC, 10).idtLimit(0x29 * 16 + 15)),
    NO_GATE_TYPE("an IDT entry that is a call gate", GateKind.GATE_TYPE, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.PIC, 10).idtByte(0x2a, 5, 0x8c)),
    NULL_SELECTOR("a gate that names the null selector", GateKind.IDT, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.PIC, 10).idtByte(0x2a, 2, 0)),
    DATA_SEGMENT("a gate that names a data segment", GateKind.CODE_SEGMENT, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.PIC, 10).idtByte(0x2a, 2, 0x10)),
    BEYOND_GDT("a gate whose segment lies beyond the GDT", GateKind.CODE_SEGMENT, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.PIC, 10).idtByte(0x2a, 2, 0x80)),
    NO_STACK("a gate with a stack of the TSS, where there is none", GateKind.STACK, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.PIC, 10).idtByte(0x2a, 4, 1)),
    OLD_WAY_ON_MODERN("KVM_INTERRUPT with the PIC in the kernel", GateKind.REQUEST, Fate.MISROUTED,
            FaultScenario.of(BuiltinGuest.PIC, Irqchip.KERNEL, Path.VECTOR).rawVector(0x41)),
    NEW_WAY_ON_LEGACY("KVM_IRQ_LINE without a controller in the kernel", GateKind.REQUEST, Fate.MISROUTED,
            FaultScenario.of(BuiltinGuest.PIC, Irqchip.USERSPACE, Path.LINE)),
    SPURIOUS_VECTOR("the vector of IRQ 7 by number: the handler takes it for a spurious one", GateKind.SPURIOUS,
            Fate.BREAKS, FaultScenario.of(BuiltinGuest.PIC, Irqchip.USERSPACE, Path.VECTOR).rawVector(0x27)),
    MASKED_AND_CLOSED("two gates: the slave masks the line, and the guest has IF=0", GateKind.PIC_IMR, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.DEAF, 10).slave(pic -> pic.withImr(0xff))),
    UNENDED_AND_MASKED("two gates: the slave has one in service, and the master masks the slave", GateKind.PIC_ISR,
            Fate.WAITS, FaultScenario.line(BuiltinGuest.PIC, 10)
                    .slave(pic -> pic.withIsr(1 << 2))
                    .master(pic -> pic.withImr(0xff)));

    private final String what;
    private final GateKind shows;
    private final Fate fate;
    private final FaultScenario setting;

    Fault(String what, GateKind shows, Fate fate, FaultScenario setting) {
        this.what = what;
        this.shows = shows;
        this.fate = fate;
        this.setting = setting;
    }

    /** Its name in options, text and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What is wrong, or tricky. */
    public String what() {
        return what;
    }

    /** The gate that it is about: the first that is not open, or the one that stays open against appearances. */
    public GateKind shows() {
        return shows;
    }

    /** What becomes of an interrupt there. */
    public Fate fate() {
        return fate;
    }

    public FaultScenario setting() {
        return setting;
    }

    @Override
    public String toString() {
        return label();
    }
}
