package dev.interject.experiment.explain;

import static dev.interject.experiment.explain.AdviceScene.message;
import static dev.interject.experiment.explain.AdviceScene.nmi;
import static dev.interject.experiment.explain.AdviceScene.of;
import static dev.interject.experiment.explain.AdviceScene.pic;
import static dev.interject.experiment.explain.AdviceScene.pin;
import static dev.interject.experiment.explain.AdviceScene.vector;
import static dev.interject.interrupt.gate.Verdict.BREAKS;
import static dev.interject.interrupt.gate.Verdict.COALESCES;
import static dev.interject.interrupt.gate.Verdict.DROPS;
import static dev.interject.interrupt.gate.Verdict.HOLDS;
import static dev.interject.interrupt.gate.Verdict.MISROUTED;
import static dev.interject.interrupt.gate.Verdict.NOT_NOW;
import static dev.interject.interrupt.gate.Verdict.NOT_PORTABLE;

import java.util.List;

import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.route.Route;

/** Each kind of gate with each of its verdicts, and how its advice is followed. */
final class AdviceCases {

    private static final AdviceScene ONE_SHOT = of(Irqchip.KERNEL, BuiltinGuest.ONE_SHOT, Route.LAPIC_TIMER);
    private static final AdviceScene PIT = of(Irqchip.KERNEL, BuiltinGuest.PIT, Route.PIT);
    private static final AdviceScene VECTOR = vector(0x41);
    private static final String ARMED = "pit.mode=2";

    private AdviceCases() {}

    private static Advice when(Verdict verdict, String words, AdviceScene closed, AdviceScene opened) {
        return new Advice.Followed(verdict, words, closed, opened);
    }

    /** By settings alone. */
    private static Advice when(Verdict verdict, String words, AdviceScene scene, String closing, String opening) {
        AdviceScene closed = scene.set(closing.split(" "));
        return when(verdict, words, closed, closed.set(opening.split(" ")));
    }

    private static Advice notHere(Verdict verdict, String reason) {
        return new Advice.NotHere(verdict, reason);
    }

    /** A new kind of gate does not compile without its advice here. */
    static List<Advice> about(GateKind kind) {
        return switch (kind) {
            case REQUEST -> List.of(
                    when(MISROUTED, "use irqchip kernel", of(Irqchip.USERSPACE, BuiltinGuest.PIC, Route.LINE), pic(10)),
                    when(MISROUTED, "use path line", of(Irqchip.KERNEL, BuiltinGuest.PIC, Route.VECTOR), pic(10)));
            case GSI -> List.of(when(MISROUTED, "use a GSI from 0 to 23",
                    pin().with(choice -> choice.withLine(24)), pin()));
            case ROUTE -> List.of(when(DROPS, "add an entry", pic(10), "route[10]=none", "route[10]=pic:10"));
            case WIRE -> List.of(
                    when(DROPS, "lower the line first", pic(10), "pic.slave.lines-high=4", "pic.slave.lines-high=0"),
                    when(DROPS, "trigger level", pic(5).set("pic.master.elcr=0x20"),
                            pic(5).set("pic.master.elcr=0x20").level()),
                    when(MISROUTED, "trigger level", pic(10).set("pic.slave.elcr=4"),
                            pic(10).set("pic.slave.elcr=4").level()),
                    when(NOT_PORTABLE, "use an edge", pic(8).level(), pic(8)));
            case PIC_BASE -> List.of(
                    when(BREAKS, "vector base of 0x20", pic(10), "pic.slave.base=0", "pic.slave.base=0x28"));
            case PIC_IRR -> List.of(when(COALESCES, "wait until", pic(10),
                    "cpu.if=0 pic.slave.irr=4 pic.master.irr=4", "pic.slave.irr=0 pic.master.irr=0 cpu.if=1"));
            case PIC_IMR -> List.of(
                    when(HOLDS, "clear bit 2 of the IMR (OCW1, port 0xa1)", pic(10), "pic.slave.imr=0xff",
                            "pic.slave.imr=0xfb"),
                    when(HOLDS, "clear bit 2 of the IMR (OCW1, port 0x21)", pic(10), "pic.master.imr=0xff",
                            "pic.master.imr=0xfb"));
            case PIC_ISR -> List.of(
                    when(HOLDS, "level 3 send its EOI", pic(5), "pic.master.isr=8", "pic.master.isr=0"),
                    when(HOLDS, "levels 0, 3 send their EOIs", pic(5), "pic.master.isr=9", "pic.master.isr=0"));
            case CASCADE -> List.of(
                    when(BREAKS, "use another line", pic(2), pic(10)),
                    notHere(HOLDS, "a PC's ELCR has no bit for input 2: only KVM_SET_IRQCHIP can make it level"));
            case SPURIOUS -> List.of(
                    when(BREAKS, "use another vector", vector(0x27), VECTOR),
                    when(BREAKS, "clear the AEOI bit", pic(7), "pic.master.aeoi=1", "pic.master.aeoi=0"));
            case LVT0 -> List.of(
                    when(HOLDS, "write 0x00700", pic(10), "lapic.lvt0=0x10700", "lapic.lvt0=0x700"),
                    when(HOLDS, "enable its LAPIC (SVR bit 8); then", pic(10), "lapic.svr=0xff lapic.lvt0=0x10700",
                            "lapic.svr=0x1ff lapic.lvt0=0x700"));
            case TIMER -> List.of(
                    when(HOLDS, "initial-count register", ONE_SHOT, "lapic.timer.initial=0",
                            "lapic.timer.initial=0x7fffffff"),
                    when(HOLDS, "IA32_TSC_DEADLINE", of(Irqchip.KERNEL, BuiltinGuest.DEADLINE, Route.LAPIC_TIMER),
                            "lapic.timer.deadline=0", "lapic.timer.deadline=0x7fffffffffffffff"));
            case PIT -> List.of(
                    when(HOLDS, "mode 2 to port 0x43", PIT, "pit.mode=none", ARMED),
                    when(HOLDS, "mode 2 to port 0x43", PIT, "pit.mode=5", ARMED),
                    when(NOT_PORTABLE, "set GATE", PIT.set(ARMED), "pit.gate=0", "pit.gate=1"),
                    when(NOT_PORTABLE, "mode 2 to port 0x43", PIT, "pit.mode=1", ARMED));
            case LVT_TIMER -> List.of(when(DROPS, "clear bit 16", ONE_SHOT, "lapic.lvtt=0x100ec", "lapic.lvtt=0xec"));
            case IOAPIC_MASK -> List.of(
                    when(DROPS, "clear bit 16 of redirection entry 20", pin(), "ioapic[20].mask=1",
                            "ioapic[20].mask=0"),
                    when(HOLDS, "clear bit 16 of redirection entry 20", pin().level(), "ioapic[20].mask=1",
                            "ioapic[20].mask=0"));
            case IOAPIC_MODE -> List.of(
                    when(BREAKS, "delivery mode 0", pin(), "ioapic[20].mode=init", "ioapic[20].mode=fixed"),
                    when(MISROUTED, "delivery mode 0", pin(), "ioapic[20].mode=extint", "ioapic[20].mode=fixed"));
            case IOAPIC_REMOTE_IRR -> List.of(
                    when(HOLDS, "edge-triggered (bit 15), then level", pin().level(), "ioapic[20].remote-irr=1",
                            "ioapic[20].remote-irr=0"),
                    when(DROPS, "edge-triggered (bit 15), then level", pin(),
                            "ioapic[20].trigger=level ioapic[20].remote-irr=1",
                            "ioapic[20].remote-irr=0 ioapic[20].trigger=edge"));
            case RTC -> List.of(when(COALESCES, "write the LAPIC's EOI register",
                    pin().with(choice -> choice.withLine(8)), "lapic.isr=0x38", "lapic.isr=none"));
            case APIC_ID -> List.of(when(MISROUTED, "APIC ID 0", message().address(0xfee01000), message()));
            case MESSAGE -> List.of(
                    when(NOT_PORTABLE, "send it to 0xfee00000", message().address(0xfed00000), message()));
            case VECTOR -> List.of(
                    when(MISROUTED, "0x20 to 0xff", message().with(choice -> choice.withVector(0x0f)), message()),
                    when(BREAKS, "0x20 to 0xff", vector(0x1f), VECTOR));
            case LAPIC_ENABLE -> List.of(
                    when(DROPS, "bit 11", message(), "lapic.base=0xfee00100", "lapic.base=0xfee00900 lapic.svr=0x1ff"));
            case LAPIC_SVR -> List.of(when(DROPS, "bit 8", message(), "lapic.svr=0xff", "lapic.svr=0x1ff"));
            case LAPIC_TPR -> List.of(
                    when(HOLDS, "below 0x50", message(), "lapic.tpr=0x50", "lapic.tpr=0x4f"),
                    when(HOLDS, "0x10 or more", message().with(choice -> choice.withVector(0x0f)), message()));
            case LAPIC_ISR -> List.of(
                    when(HOLDS, "vector 0x61 write", message(), "lapic.isr=0x61", "lapic.isr=none"),
                    when(HOLDS, "vectors 0x71, 0x61 write", message(), "lapic.isr=0x61,0x71", "lapic.isr=none"));
            case LAPIC_IRR -> List.of(when(COALESCES, "wait until", message(), "cpu.if=0 lapic.irr=0x50",
                    "lapic.irr=none cpu.if=1"));
            case INTERRUPT_FLAG -> List.of(
                    when(HOLDS, "STI", pic(10), "cpu.if=0", "cpu.if=1"),
                    when(NOT_NOW, "STI", VECTOR, "cpu.if=0", "cpu.if=1"));
            case SHADOW -> List.of(
                    when(HOLDS, "one more instruction", of(Irqchip.KERNEL, BuiltinGuest.SPIN, Route.LINE),
                            "cpu.shadow=sti-or-mov-ss", "cpu.shadow=none"),
                    when(HOLDS, "clear the shadow", pic(10), "cpu.shadow=sti-or-mov-ss", "cpu.shadow=none"),
                    when(NOT_NOW, "clear the shadow", VECTOR, "cpu.shadow=sti-or-mov-ss", "cpu.shadow=none"));
            case EVENT_QUEUE -> List.of(
                    when(HOLDS, "let the guest run", pic(10), "cpu.queued=0x42", "cpu.queued=none"),
                    when(NOT_NOW, "let the guest run", VECTOR, "cpu.queued=0x42", "cpu.queued=none"),
                    notHere(BREAKS,
                            "what the guest would have needed before its exception is not restored by a value"));
            case WINDOW -> List.of(
                    when(NOT_NOW, "request_interrupt_window", VECTOR, "cpu.if=0", "cpu.if=1"),
                    notHere(HOLDS, "with a split irqchip it is closed by the gates before it only"));
            case NMI_HANDLER -> List.of(
                    when(BREAKS, "use a guest that takes NMIs", of(Irqchip.KERNEL, BuiltinGuest.PIC, Route.NMI),
                            nmi()));
            case NMI_MASK -> List.of(when(HOLDS, "execute IRET", nmi(), "cpu.nmi-masked=1", "cpu.nmi-masked=0"));
            case NMI_QUEUE -> List.of(
                    when(COALESCES, "wait until", nmi(), "cpu.nmi-masked=1 cpu.nmi-pending=1",
                            "cpu.nmi-pending=0 cpu.nmi-masked=0"));
            case ACTIVITY -> List.of(
                    when(MISROUTED, "as guest smp does", message().toSecond(),
                            of(Irqchip.KERNEL, BuiltinGuest.SMP, Route.MSI).toSecond()));
            case IDT -> List.of(when(BREAKS, "present gate", pic(10), "idt[0x2a].present=0", "idt[0x2a].present=1"));
            case GATE_TYPE ->
                List.of(when(BREAKS, "present gate", pic(10), "idt[0x2a].type=call", "idt[0x2a].type=interrupt"));
            case CODE_SEGMENT -> List.of(
                    when(BREAKS, "present code segment", pic(10), "idt[0x2a].selector=0x80", "idt[0x2a].selector=8"));
            case STACK_PAGE -> List.of(when(BREAKS, "map this page writable", pic(10),
                    "cpu.rsp=0x1f0000 page[0x1ef000]=absent", "page[0x1ef000]=writable"));
            case RETURN -> List.of(
                    when(BREAKS, "keep the descriptors", pic(10), "gdt.limit=0x0f", "gdt.limit=0x17"));
            case HANDLER_PAGE -> List.of(
                    notHere(BREAKS, "the page's address is the guest's own: CpuPartTest"));
            case DESTINATION, ICR -> List.of(
                    notHere(MISROUTED, "the vCPU that is to take it is the user's choice, not the guest's"),
                    notHere(DROPS, "the vCPU that is to take it is the user's choice, not the guest's"));
            case SEGMENT_RIGHTS, TASK, TSS_LIMIT, STACK, RETURN_RIGHTS, REAL_MODE_LIMIT, STACK_LIMIT ->
                List.of(
                        notHere(BREAKS, "the built-in guests have neither rings, tasks nor tables of this kind"));
        };
    }
}
