package dev.interject.experiment.situation;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.Capability;
import dev.interject.kvm.state.QueuedException;

/** A situation in which a guest is saved, with something pending. */
public enum PendingSituation {
    LINE_EDGE("an edge of line 10 waits in the 8259s, IF=0", Staging.of(BuiltinGuest.PIC, 10).then(guest -> {
        guest.runTo("sleep");
        guest.pulse(10);
    }).expect(0x2a, 1)),
    LINE_LEVEL("level-triggered line 10 is high, IF=0", Staging.of(BuiltinGuest.PIC, 10).level().then(guest -> {
        guest.runTo("sleep");
        guest.raise(10);
    }).expect(0x2a, 1)),
    LINE_IN_SERVICE("the handler of line 10 has sent no EOI yet, and line 11 waits for it",
            Staging.of(BuiltinGuest.PIC, 10, 11).then(guest -> {
                guest.runTo("sleep");
                guest.pulse(10);
                guest.runTo("taken");
                guest.pulse(11);
            }).expect(0x2a, 1).expect(0x2b, 1)),
    INTERRUPT_QUEUED("the vector of line 10 is queued at the vCPU, and its level is in service",
            Staging.of(BuiltinGuest.PIC, 10).on(Irqchip.KERNEL, Irqchip.USERSPACE).then(guest -> {
                guest.runTo("sleep");
                guest.set("cpu.if=1", "pic.master.isr=4", "pic.slave.isr=4", "cpu.queued=0x2a");
            }).expect(0x2a, 1)),
    VECTOR_QUEUED("KVM_INTERRUPT has queued vector 0x41, and no KVM_RUN followed",
            Staging.of(BuiltinGuest.PIC, 10).on(Irqchip.SPLIT, Irqchip.USERSPACE).then(guest -> {
                guest.runTo("sleep");
                guest.set("cpu.if=1", "cpu.kvm-interrupt=0x41");
            }).expect(0x41, 1)),
    VECTORS_WAIT("vectors 0x41 and 0x42 wait in this process for an interrupt window, IF=0",
            Staging.of(BuiltinGuest.PIC, 10).on(Irqchip.SPLIT, Irqchip.USERSPACE).then(guest -> {
                guest.runTo("sleep");
                guest.vector(0x41);
                guest.vector(0x42);
            }).expect(0x41, 1).expect(0x42, 1)),
    STI_SHADOW("STI has just been executed, HLT is next, and an edge of line 10 waits",
            Staging.of(BuiltinGuest.PIC, 10).then(guest -> {
                guest.runTo("sleep");
                guest.step(1);
                guest.set("cpu.if=1", "cpu.shadow=sti");
                guest.pulse(10);
            }).expect(0x2a, 1).interruptedAt("sleep", 2)),
    ASLEEP("the vCPU sleeps, and nothing is pending; line 10 is pulsed later",
            Staging.of(BuiltinGuest.PIC, 10)
                    .then(StagedGuest::sleep)
                    .later(guest -> guest.pulse(10))
                    .expect(0x2a, 1)),
    ASLEEP_PENDING("the vCPU sleeps, and an edge of line 10 has just come",
            Staging.of(BuiltinGuest.PIC, 10).then(guest -> {
                guest.sleep();
                guest.pulse(10);
            }).expect(0x2a, 1)),
    PIN_EDGE("an edge of pin 20 is in the LAPIC's IRR, IF=0", Staging.of(BuiltinGuest.APIC, 20).then(guest -> {
        guest.runTo("sleep");
        guest.pulse(20);
    }).expect(0x44, 1)),
    PIN_LEVEL("level-triggered pin 20 is high and in the LAPIC's IRR, IF=0; later it is raised again",
            Staging.of(BuiltinGuest.APIC, 20).level().eoi().then(guest -> {
                guest.runTo("sleep");
                guest.raise(20);
            }).later(guest -> guest.raise(20)).expect(0x44, 2)),
    PIN_IN_SERVICE("the handler of level-triggered pin 20 has sent no EOI yet; later the pin is raised again",
            Staging.of(BuiltinGuest.APIC, 20).level().eoi().then(guest -> {
                guest.runTo("sleep");
                guest.raise(20);
                guest.runTo("taken");
            }).later(guest -> guest.raise(20)).expect(0x44, 2)),
    MESSAGE("a message is in the LAPIC's IRR, IF=0", Staging.of(BuiltinGuest.APIC, 20).then(guest -> {
        guest.runTo("sleep");
        guest.message(0, 0x50);
    }).expect(0x50, 1)),
    MESSAGE_TASK_PRIORITY("a message is held by the task priority, which is lowered later",
            Staging.of(BuiltinGuest.APIC, 20).then(guest -> {
                guest.runTo("sleep");
                guest.set("lapic.tpr=0x50");
                guest.message(0, 0x50);
            }).later(guest -> guest.set("lapic.tpr=0")).expect(0x50, 1)),
    MESSAGE_IN_SERVICE("the handler of vector 0x60 has sent no EOI yet, and a message for 0x50 waits for it",
            Staging.of(BuiltinGuest.APIC, 20).then(guest -> {
                guest.runTo("sleep");
                guest.message(0, 0x60);
                guest.runTo("taken");
                guest.message(0, 0x50);
            }).expect(0x60, 1).expect(0x50, 1)),
    MESSAGE_X2APIC("a message is in the IRR of a LAPIC in x2APIC mode, IF=0",
            Staging.of(BuiltinGuest.X2APIC, 20).then(guest -> {
                guest.runTo("sleep");
                guest.message(0, 0x50);
            }).expect(0x50, 1)),
    IRQFD_SIGNALLED("a device has signalled the eventfd of pin 20 while it was bound to no VM",
            Staging.of(BuiltinGuest.APIC, 20).then(guest -> {
                guest.runTo("sleep");
                guest.machine().irqfds().bind(20);
            }).signalled(20).expect(0x44, 1)),
    NMI_PENDING("an NMI is pending", Staging.of(BuiltinGuest.NMI).then(guest -> {
        guest.runTo("asleep");
        guest.nmi(0);
    }).expect(2, 1)),
    NMI_IN_HANDLER("the handler of an NMI runs, and another NMI waits for its IRET",
            Staging.of(BuiltinGuest.NMI).then(guest -> {
                guest.runTo("asleep");
                guest.nmi(0);
                guest.runTo("taken");
                guest.nmi(0);
            }).expect(2, 2)),
    EXCEPTION_QUEUED("an exception (#DE) is queued at the vCPU",
            Staging.of(BuiltinGuest.EVENTS, 10).then(guest -> {
                guest.runTo("sleep");
                guest.write("expected", 0);
                guest.write("resume", (int) guest.address("sleep"));
                guest.set("cpu.exception=0");
            }).expect(0, 2)),
    EXCEPTION_PENDING("a page fault is pending, and the address for CR2 is its payload",
            Staging.of(BuiltinGuest.EVENTS, 10).needs(Capability.KVM_CAP_EXCEPTION_PAYLOAD).then(guest -> {
                guest.runTo("sleep");
                guest.write("expected", 14);
                guest.write("expected_address", 0x200def);
                guest.write("resume", (int) guest.address("sleep"));
                makePending(guest, new QueuedException(14, OptionalInt.of(0), OptionalLong.of(0x200def)));
            }).expect(14, 2)),
    PORT_READ("the guest's IN has exited, and the command that it reads is on its way to the guest",
            Staging.of(BuiltinGuest.DEVICE, 10).then(guest -> {
                guest.runTo("read_port");
                guest.machine().command(0x51);
                guest.access();
            }).expect(0x51, 1)),
    PORT_WRITE("the guest's OUT has exited, and the device that it writes to has pulsed line 11",
            Staging.of(BuiltinGuest.DEVICE, 11).answers(11).then(guest -> {
                guest.runTo("write_port");
                guest.access();
            }).expect(0x2b, 1)),
    MEMORY_READ("a load from a device has exited, and the command that it reads is on its way to the guest",
            Staging.of(BuiltinGuest.DEVICE, 10).then(guest -> {
                guest.runTo("read_memory");
                guest.machine().command(0x51);
                guest.access();
            }).expect(0x51, 1)),
    AP_ASLEEP("vCPU 1 sleeps, and nothing is pending; a message is sent to it later",
            Staging.of(BuiltinGuest.SMP, 20)
                    .two()
                    .then(StagedGuest::sleep)
                    .later(guest -> guest.message(1, 0x50))
                    .expectAt(1, 0x50, 1)),
    AP_PENDING("vCPU 1 sleeps, and a message for it has just come",
            Staging.of(BuiltinGuest.SMP, 20).two().then(guest -> {
                guest.sleep();
                guest.message(1, 0x50);
            }).expectAt(1, 0x50, 1)),
    AP_NOT_STARTED("vCPU 0 has yet to start vCPU 1, to which a message is sent later",
            Staging.of(BuiltinGuest.SMP, 20)
                    .two()
                    .then(StagedGuest::hold)
                    .later(guest -> guest.message(1, 0x50))
                    .expectAt(1, 0x50, 1)),
    AP_WAITS_FOR_SIPI("vCPU 1 has had its INIT, and its SIPI comes next; a message is sent to it later",
            Staging.of(BuiltinGuest.SMP, 20).two().then(guest -> {
                guest.runTo("send_ipi");
                guest.runTo("send_ipi");
                guest.hold();
            }).later(guest -> guest.message(1, 0x50)).expectAt(1, 0x50, 1)),
    ONE_SHOT_FAR("the LAPIC's timer is due in 20 ms (one-shot mode)",
            Staging.of(BuiltinGuest.ONE_SHOT).timer(1, 20_000_000, 0)),
    ONE_SHOT_NEAR("the LAPIC's timer is due in a millisecond or two (one-shot mode)",
            Staging.of(BuiltinGuest.ONE_SHOT).timer(1, 2_000_000, 0)),
    ONE_SHOT_DUE("the LAPIC's timer came due while the vCPU was stopped (one-shot mode)",
            Staging.of(BuiltinGuest.ONE_SHOT).timer(1, 4_000_000, 8)),
    ONE_SHOT_DONE("the LAPIC's timer has ticked, and the tick was taken (one-shot mode)",
            Staging.of(BuiltinGuest.ONE_SHOT).timer(1, 100_000, 0).done()),
    PERIODIC("the LAPIC's timer ticks every 3 ms (periodic mode)",
            Staging.of(BuiltinGuest.PERIODIC).timer(3, 3_000_000, 0)),
    DEADLINE_FAR("IA32_TSC_DEADLINE is some 20 ms away", Staging.of(BuiltinGuest.DEADLINE).timer(1, 20_000_000, 0)),
    DEADLINE_NEAR("IA32_TSC_DEADLINE is a millisecond or two away",
            Staging.of(BuiltinGuest.DEADLINE).timer(1, 2_000_000, 0)),
    DEADLINE_DUE("IA32_TSC_DEADLINE passed while the vCPU was stopped",
            Staging.of(BuiltinGuest.DEADLINE).timer(1, 4_000_000, 8)),
    TICK_TASK_PRIORITY("a tick of the LAPIC's timer is held by the task priority, which is lowered later",
            Staging.of(BuiltinGuest.ONE_SHOT)
                    .timer(1, 4_000_000, 8)
                    .then(guest -> guest.set("lapic.tpr=0x40"))
                    .later(guest -> guest.set("lapic.tpr=0"))),
    PIT_TICKS("the PIT in the kernel ticks every 3 ms",
            Staging.of(BuiltinGuest.PIT, 0).on(Irqchip.KERNEL).timer(3, 3_000_000, 0));

    private final String what;
    private final Staging staging;

    PendingSituation(String what, Staging staging) {
        this.what = what;
        this.staging = staging;
    }

    private static void makePending(StagedGuest guest, QueuedException exception) {
        guest.boot().freeze(frozen -> {
            frozen.events(events -> events.withException(exception));
            return true;
        });
    }

    /** Its name in options, text and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The situation of this name; empty if there is none. */
    public static Optional<PendingSituation> of(String label) {
        return Stream.of(values()).filter(situation -> situation.label().equals(label)).findFirst();
    }

    /** What is pending, in a line. */
    public String what() {
        return what;
    }

    /** The guest that is brought into it. */
    public BuiltinGuest guest() {
        return staging.guest();
    }

    /** With which irqchips there is such a situation. */
    public Set<Irqchip> irqchips() {
        return staging.irqchips();
    }

    /** How a guest is brought into it. */
    public Staging staging() {
        return staging;
    }

    @Override
    public String toString() {
        return label();
    }
}
