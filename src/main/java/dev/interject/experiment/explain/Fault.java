package dev.interject.experiment.explain;

import java.util.Locale;

import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;

/** A faulty or tricky situation: a guest, an interrupt and what is set in the guest. Each shows a gate or two. */
public enum Fault {
    PIC_NOT_PROGRAMMED("the guest has never programmed its 8259s", GateKind.PIC_BASE, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.NO_PIC, 10)),
    LINE_MASKED("the line's bit of the master's IMR is set", GateKind.PIC_IMR, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.PIC, 5).set("pic.master.imr=0xff")),
    SLAVE_MASKED("the line's bit of the slave's IMR is set", GateKind.PIC_IMR, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.PIC, 10).set("pic.slave.imr=0xff")),
    CASCADE_MASKED("the slave's line is open, but the master masks the slave", GateKind.PIC_IMR, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.PIC, 10).set("pic.master.imr=0xff")),
    NO_EOI("the handler sent no EOI", GateKind.PIC_ISR, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.NO_EOI, 5).after(1)),
    NO_SLAVE_EOI("the handler's EOI reached the master only", GateKind.PIC_ISR, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.PIC, 10).set("pic.slave.isr=4")),
    NO_MASTER_EOI("the handler's EOI reached the slave only: the first of lines 8 to 15 works, the others do not",
            GateKind.PIC_ISR, Fate.WAITS, FaultScenario.line(BuiltinGuest.PIC, 10).set("pic.master.isr=4")),
    HIGHER_IN_SERVICE("a line of higher priority is in service", GateKind.PIC_ISR, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.PIC, 5).set("pic.master.isr=8")),
    LOWER_IN_SERVICE("a line of lower priority is in service: no obstacle", GateKind.PIC_ISR, Fate.TAKEN,
            FaultScenario.line(BuiltinGuest.PIC, 3).set("pic.master.isr=0x20")),
    ROTATED_PRIORITY("rotated priorities: a line of a higher number has the higher priority", GateKind.PIC_ISR,
            Fate.WAITS, FaultScenario.line(BuiltinGuest.PIC, 3).set("pic.master.rotate=5", "pic.master.isr=0x40")),
    ROTATED_AWAY("rotated priorities: the level in service has a lower priority than the line", GateKind.PIC_ISR,
            Fate.TAKEN, FaultScenario.line(BuiltinGuest.PIC, 5).set("pic.master.rotate=4", "pic.master.isr=8")),
    SLAVE_BEHIND_SLAVE("a slave line of higher priority than the one in service: the cascade is in service",
            GateKind.PIC_ISR, Fate.WAITS, FaultScenario.line(BuiltinGuest.PIC, 9)
                    .set("pic.master.isr=4")
                    .set("pic.slave.isr=4")),
    SPECIAL_FULLY_NESTED("slave-behind-slave with special fully nested mode in the master: no obstacle",
            GateKind.PIC_ISR, Fate.TAKEN, FaultScenario.line(BuiltinGuest.PIC, 9)
                    .set("pic.master.sfnm=1", "pic.master.isr=4")
                    .set("pic.slave.isr=4")),
    SPECIAL_MASK("special mask mode, and the level in service is masked: KVM's 8259 ignores the mode",
            GateKind.PIC_ISR, Fate.WAITS, FaultScenario.line(BuiltinGuest.PIC, 5)
                    .set("pic.master.smm=1", "pic.master.isr=8", "pic.master.imr=0xdf")),
    SPECIAL_MASK_USERSPACE("special-mask with the 8259s in user space, which implement the mode", GateKind.PIC_ISR,
            Fate.TAKEN,
            FaultScenario.userspaceLine(BuiltinGuest.PIC, 5)
                    .set("pic.master.smm=1", "pic.master.isr=8", "pic.master.imr=0xdf")),
    AUTO_EOI("automatic EOI: nothing is ever in service", GateKind.PIC_ISR, Fate.TAKEN,
            FaultScenario.line(BuiltinGuest.NO_EOI, 5).set("pic.master.aeoi=1").afterSetting(1)),
    LINE_HELD_HIGH("an edge-triggered line that was raised and never lowered", GateKind.WIRE, Fate.DROPPED,
            FaultScenario.line(BuiltinGuest.PIC, 10).set("pic.slave.lines-high=4")),
    LEVEL_PULSED("a level-triggered line that is pulsed: the request ends with the pulse", GateKind.WIRE,
            Fate.DROPPED, FaultScenario.line(BuiltinGuest.PIC, 5).set("pic.master.elcr=0x20")),
    LEVEL_PULSED_SLAVE("level-pulsed at the slave, whose request has reached the master: a spurious IRQ 15",
            GateKind.WIRE, Fate.MISROUTED, FaultScenario.line(BuiltinGuest.PIC, 10).set("pic.slave.elcr=4")),
    LEVEL_HELD("a level-triggered line that is held: no obstacle", GateKind.WIRE, Fate.TAKEN,
            FaultScenario.line(BuiltinGuest.PIC, 10).trigger(Trigger.LEVEL)),
    ALREADY_REQUESTED("an interrupt of the line is already pending, held by IF=0", GateKind.PIC_IRR, Fate.MERGES,
            FaultScenario.line(BuiltinGuest.DEAF, 10)
                    .set("pic.slave.irr=4")),
    CASCADE_LINE("line 2, the cascade of the slave", GateKind.CASCADE, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.PIC, 2)),
    LINT0_MASKED("the LAPIC's pin for the 8259s is masked", GateKind.LVT0, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.PIC, 10).set("lapic.lvt0=0x10700")),
    LINT0_FIXED("the LAPIC's pin for the 8259s is not ExtINT", GateKind.LVT0, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.PIC, 10).set("lapic.lvt0=0x30")),
    LINT0_OF_SPLIT("lint0-masked with the 8259s in user space", GateKind.LVT0, Fate.WAITS,
            FaultScenario.of(BuiltinGuest.PIC, Irqchip.SPLIT, Route.VECTOR).set("lapic.lvt0=0x10700")),
    NO_SUCH_GSI("GSI 24; only 0 to 23 exist", GateKind.GSI, Fate.MISROUTED, FaultScenario.line(BuiltinGuest.APIC, 24)),
    NO_ROUTE("the routing table leads the line nowhere", GateKind.ROUTE, Fate.DROPPED,
            FaultScenario.line(BuiltinGuest.PIC, 10).set("route[10]=none")),
    PIN_MASKED("the IOAPIC's pin is masked: an edge is dropped", GateKind.IOAPIC_MASK, Fate.DROPPED,
            FaultScenario.pin(20, "mask=1")),
    PIN_REMOTE_IRR("a level pin whose last interrupt got no EOI", GateKind.IOAPIC_REMOTE_IRR, Fate.WAITS,
            FaultScenario.pin(20, "trigger=level", "remote-irr=1").trigger(Trigger.LEVEL)),
    PIN_NMI("a pin with delivery mode NMI, for a guest that expects none", GateKind.NMI_HANDLER, Fate.BREAKS,
            FaultScenario.pin(20, "mode=nmi")),
    PIN_EXTINT("a pin with delivery mode ExtINT", GateKind.IOAPIC_MODE, Fate.MISROUTED,
            FaultScenario.pin(20, "mode=extint")),
    PIN_NO_DESTINATION("a pin for an APIC ID that no LAPIC has", GateKind.APIC_ID, Fate.MISROUTED,
            FaultScenario.pin(20, "destination=7")),
    PIN_LOGICAL("a pin in logical mode for a logical ID that no LAPIC has", GateKind.APIC_ID, Fate.MISROUTED,
            FaultScenario.pin(20, "dest-mode=logical", "destination=0x80")),
    PIN_LOW_VECTOR("a pin with vector 0x0f", GateKind.VECTOR, Fate.MISROUTED,
            FaultScenario.pin(20, "vector=0x0f")),
    PIN_OF_SPLIT_MASKED("a masked pin of the IOAPIC in user space", GateKind.IOAPIC_MASK, Fate.DROPPED,
            FaultScenario.of(BuiltinGuest.APIC, Irqchip.SPLIT, Route.LINE)
                    .line(20)
                    .set("ioapic[20].mask=1")),
    MESSAGE_ADDRESS("a message to 0x1000, which is not a LAPIC's address: KVM sends it to APIC ID 1",
            GateKind.APIC_ID, Fate.MISROUTED, FaultScenario.message(0x1000, 0x50)),
    MESSAGE_NO_DESTINATION("a message to an APIC ID that no LAPIC has", GateKind.APIC_ID, Fate.MISROUTED,
            FaultScenario.message(0xfee05000, 0x50)),
    MESSAGE_LOW_VECTOR("a message with vector 0x0f", GateKind.VECTOR, Fate.MISROUTED,
            FaultScenario.message(0xfee00000, 0x0f)),
    MESSAGE_EXCEPTION("a message with vector 0x10: it arrives as #MF", GateKind.VECTOR, Fate.BREAKS,
            FaultScenario.message(0xfee00000, 0x10)),
    LAPIC_SOFTWARE_OFF("the guest has not enabled its LAPIC (SVR bit 8)", GateKind.LAPIC_SVR, Fate.DROPPED,
            FaultScenario.message(0xfee00000, 0x50).set("lapic.svr=0xff")),
    TASK_PRIORITY("the task priority is as high as the vector's class", GateKind.LAPIC_TPR, Fate.WAITS,
            FaultScenario.message(0xfee00000, 0x50).set("lapic.tpr=0x50")),
    TASK_PRIORITY_BELOW("the task priority is one class below the vector's: no obstacle", GateKind.LAPIC_TPR,
            Fate.TAKEN, FaultScenario.message(0xfee00000, 0x50).set("lapic.tpr=0x4f")),
    MESSAGE_WAITS_ALREADY("an interrupt of the vector is already pending, held by the task priority",
            GateKind.LAPIC_IRR, Fate.MERGES,
            FaultScenario.message(0xfee00000, 0x50)
                    .set("lapic.tpr=0x50", "lapic.irr=0x50")),
    LAPIC_OFF("the guest has disabled its LAPIC (IA32_APIC_BASE)", GateKind.LAPIC_ENABLE, Fate.DROPPED,
            FaultScenario.message(0xfee00000, 0x50)
                    .set("lapic.base=0xfee00100")),
    PIN_LOGICAL_MATCH("a pin in logical mode for the LAPIC's logical ID: no obstacle", GateKind.DESTINATION,
            Fate.TAKEN,
            FaultScenario.pin(20, "dest-mode=logical", "destination=0x81").set("lapic.ldr=1")),
    PIN_LOWEST_PRIORITY("a pin with delivery mode lowest priority: no obstacle with one vCPU", GateKind.IOAPIC_MODE,
            Fate.TAKEN, FaultScenario.pin(20, "mode=lowest")),
    PIN_ACTIVE_LOW("an active-low pin: KVM stores the bit but ignores it", GateKind.WIRE, Fate.TAKEN,
            FaultScenario.pin(20, "polarity=low")),
    STI_SHADOW("the guest has just executed STI: blocked for one instruction", GateKind.SHADOW, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.SPIN, 10)
                    .set("cpu.if=1", "cpu.shadow=sti")),
    MOV_SS_SHADOW("the guest has just executed MOV SS: blocked for one instruction", GateKind.SHADOW, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.SPIN, 10)
                    .set("cpu.if=1", "cpu.shadow=mov-ss")),
    NMI_IN_NMI("an NMI while the handler of another one runs: held until its IRET", GateKind.NMI_MASK, Fate.WAITS,
            FaultScenario.of(BuiltinGuest.SLOW, Irqchip.KERNEL, Route.NMI).set("cpu.nmi-masked=1")),
    VECTOR_QUEUED("KVM_INTERRUPT while another vector is already queued", GateKind.EVENT_QUEUE, Fate.WAITS,
            FaultScenario.of(BuiltinGuest.PIC, Irqchip.USERSPACE, Route.VECTOR)
                    .vector(0x41)
                    .set("cpu.queued=0x42")),
    X2APIC("a message to a LAPIC in x2APIC mode: no obstacle", GateKind.DESTINATION, Fate.TAKEN,
            FaultScenario.of(BuiltinGuest.X2APIC, Irqchip.KERNEL, Route.MSI)),
    VCPU_NOT_STARTED("a message to a vCPU that the guest has not started", GateKind.ACTIVITY, Fate.MISROUTED,
            FaultScenario.of(BuiltinGuest.APIC, Irqchip.KERNEL, Route.MSI).toSecond()),
    CLOSED("the guest sleeps with IF=0", GateKind.INTERRUPT_FLAG, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.DEAF, 10)),
    CLOSED_USERSPACE("closed with irqchip userspace: forced, the interrupt would break the guest",
            GateKind.INTERRUPT_FLAG, Fate.WAITS,
            FaultScenario.of(BuiltinGuest.DEAF, Irqchip.USERSPACE, Route.VECTOR).vector(0x41)),
    NMI_DESPITE_IF("an NMI for a guest with IF=0: no obstacle", GateKind.NMI_MASK, Fate.TAKEN,
            FaultScenario.of(BuiltinGuest.NMI, Irqchip.KERNEL, Route.NMI)),
    NO_IDT("an empty IDT", GateKind.IDT, Fate.BREAKS, FaultScenario.line(BuiltinGuest.NO_IDT, 10)),
    NO_GATE("an IDT gate that is not present", GateKind.IDT, Fate.BREAKS, FaultScenario.line(BuiltinGuest.NO_GATE, 10)),
    SHORT_IDT("an IDT that ends before the vector", GateKind.IDT, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.PIC, 10).set("idt.limit=0x29f")),
    NO_GATE_TYPE("an IDT entry that is a call gate", GateKind.GATE_TYPE, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.PIC, 10).set("idt[0x2a].type=call")),
    NULL_SELECTOR("an IDT gate with the null selector", GateKind.CODE_SEGMENT, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.PIC, 10).set("idt[0x2a].selector=0")),
    DATA_SEGMENT("an IDT gate with a data segment", GateKind.CODE_SEGMENT, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.PIC, 10).set("idt[0x2a].selector=0x10")),
    BEYOND_GDT("an IDT gate whose segment lies beyond the GDT", GateKind.CODE_SEGMENT, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.PIC, 10).set("idt[0x2a].selector=0x80")),
    NO_STACK("an IDT gate with a stack of the TSS, which has none", GateKind.STACK_PAGE, Fate.BREAKS,
            FaultScenario.line(BuiltinGuest.PIC, 10).set("idt[0x2a].ist=1")),
    VECTOR_WITH_KERNEL_PIC("KVM_INTERRUPT with the PIC in the kernel", GateKind.REQUEST, Fate.MISROUTED,
            FaultScenario.of(BuiltinGuest.PIC, Irqchip.KERNEL, Route.VECTOR).vector(0x41)),
    LINE_WITHOUT_IRQCHIP("KVM_IRQ_LINE without a controller in the kernel", GateKind.REQUEST, Fate.MISROUTED,
            FaultScenario.of(BuiltinGuest.PIC, Irqchip.USERSPACE, Route.LINE)),
    SPURIOUS_VECTOR("the vector of IRQ 7 by number: the handler treats it as spurious", GateKind.SPURIOUS,
            Fate.BREAKS, FaultScenario.of(BuiltinGuest.PIC, Irqchip.USERSPACE, Route.VECTOR).vector(0x27)),
    MASKED_AND_CLOSED("two gates: the slave masks the line, and the guest has IF=0", GateKind.PIC_IMR, Fate.WAITS,
            FaultScenario.line(BuiltinGuest.DEAF, 10).set("pic.slave.imr=0xff")),
    NO_EOI_AND_MASKED("two gates: the slave has a line in service, and the master masks the slave", GateKind.PIC_ISR,
            Fate.WAITS, FaultScenario.line(BuiltinGuest.PIC, 10)
                    .set("pic.slave.isr=4")
                    .set("pic.master.imr=0xff"));

    private final String what;
    private final GateKind shows;
    private final Fate fate;
    private final FaultScenario scenario;

    Fault(String what, GateKind shows, Fate fate, FaultScenario scenario) {
        this.what = what;
        this.shows = shows;
        this.fate = fate;
        this.scenario = scenario;
    }

    /** The name used in options, text and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What is wrong or tricky, in one line. */
    public String what() {
        return what;
    }

    /** The gate that it shows: the first that is not open, or one that is open against expectation. */
    public GateKind shows() {
        return shows;
    }

    /** What the manuals make of the interrupt. */
    public Fate fate() {
        return fate;
    }

    /** The guest, the interrupt and what is set. */
    public FaultScenario scenario() {
        return scenario;
    }

    @Override
    public String toString() {
        return label();
    }
}
