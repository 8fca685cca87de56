package dev.interject.experiment.explain;

import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;

import dev.interject.device.PicState;
import dev.interject.device.Redirection;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.machine.FrozenVcpu;

/**
 * The scenario of a fault: an interrupt, how many the guest takes first, and a change to its state.
 *
 * @param run    the interrupt, as a run injects it
 * @param after  how many the guest takes first
 * @param change the change to the frozen guest
 * @param first  whether the change comes before those interrupts, not after them
 * @param held   whether guest slow is kept in the handler of the last of them
 */
public record FaultScenario(RunPlan run, int after, Consumer<FrozenVcpu> change, boolean first, boolean held) {

    private static final int GATE_BYTES = 16;

    static FaultScenario of(BuiltinGuest guest, Irqchip irqchip, Route path) {
        RunPlan one =
                RunPlan.on(MachineChoice.of(irqchip, guest)).with(InterruptChoice.by(path)).with(Pace.oneByOne(1));
        return new FaultScenario(one, 0, vcpu -> {}, false, false);
    }

    /** A line of the kernel's controllers. */
    static FaultScenario line(BuiltinGuest guest, int line) {
        return of(guest, Irqchip.KERNEL, Route.LINE).line(line);
    }

    /** A line of the 8259s in user space. */
    static FaultScenario userspaceLine(BuiltinGuest guest, int line) {
        return of(guest, Irqchip.USERSPACE, Route.VECTOR).line(line);
    }

    /** A pin of the kernel's IOAPIC. */
    static FaultScenario pin(int pin, LongUnaryOperator bits) {
        return line(BuiltinGuest.APIC, pin).redirection(pin, bits);
    }

    static FaultScenario message(int address, int vector) {
        return of(BuiltinGuest.APIC, Irqchip.KERNEL, Route.MSI)
                .with(interrupt -> interrupt.withAddress(address).withVector(vector));
    }

    FaultScenario line(int line) {
        return with(interrupt -> interrupt.withLine(line));
    }

    FaultScenario vector(int vector) {
        return with(interrupt -> interrupt.withVector(vector));
    }

    FaultScenario trigger(Trigger trigger) {
        return with(interrupt -> interrupt.withTrigger(trigger));
    }

    /** For the second of two vCPUs. */
    FaultScenario toSecond() {
        RunPlan two = new RunPlan(run.machine().withVcpus(2, 1), run.interrupt(), run.pace(), run.conduct());
        return new FaultScenario(two, after, change, first, held);
    }

    private FaultScenario with(UnaryOperator<InterruptChoice> more) {
        return new FaultScenario(run.with(more.apply(run.interrupt())), after, change, first, held);
    }

    /** The guest takes interrupts before the change. */
    FaultScenario after(int taken) {
        return new FaultScenario(run.with(Pace.oneByOne(taken)), taken, change, false, held);
    }

    /** The guest takes one interrupt before the change, and stays in its handler. */
    FaultScenario inHandler() {
        FaultScenario one = after(1);
        return new FaultScenario(one.run, one.after, change, false, true);
    }

    /** The guest takes interrupts after the change. */
    FaultScenario afterChange(int taken) {
        return new FaultScenario(run.with(Pace.oneByOne(taken)), taken, change, true, held);
    }

    FaultScenario change(Consumer<FrozenVcpu> more) {
        return new FaultScenario(run, after, change.andThen(more), first, held);
    }

    FaultScenario master(UnaryOperator<PicState> change) {
        return change(vcpu -> vcpu.master(change));
    }

    FaultScenario slave(UnaryOperator<PicState> change) {
        return change(vcpu -> vcpu.slave(change));
    }

    FaultScenario lapic(UnaryOperator<LapicRegisters> change) {
        return change(vcpu -> vcpu.lapic(change));
    }

    FaultScenario redirection(int pin, LongUnaryOperator bits) {
        return change(vcpu -> vcpu.redirection(pin, entry -> new Redirection(bits.applyAsLong(entry.bits()))));
    }

    FaultScenario idtLimit(int limit) {
        return change(vcpu -> vcpu.special(
                special -> special.withIdt(new DescriptorTable(special.idt().base(), limit))));
    }

    /** Changes one byte of an IDT entry; the guest's IDT is mapped one to one. */
    FaultScenario idtByte(int vector, int offset, int value) {
        return change(vcpu -> vcpu.write(vcpu.state().cpu().special().idt().base() + vector * GATE_BYTES + offset,
                (byte) value));
    }
}
