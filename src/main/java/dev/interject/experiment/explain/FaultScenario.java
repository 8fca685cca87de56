package dev.interject.experiment.explain;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;

import dev.interject.device.PicState;
import dev.interject.device.Redirection;
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
 */
public record FaultScenario(RunPlan run, int after, Consumer<FrozenVcpu> change, boolean first) {

    private static final int GATE_BYTES = 16;

    static FaultScenario of(BuiltinGuest guest, Irqchip irqchip, Route path) {
        return new FaultScenario(RunPlan.on(irqchip).guest(guest).path(path).pace(Pace.oneByOne(1)).build(), 0,
                vcpu -> {}, false);
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
                .with(plan -> plan.address(OptionalInt.of(address)).vector(OptionalInt.of(vector)));
    }

    FaultScenario line(int line) {
        return with(plan -> plan.lines(List.of(line)));
    }

    FaultScenario vector(int vector) {
        return with(plan -> plan.vector(OptionalInt.of(vector)));
    }

    FaultScenario trigger(Trigger trigger) {
        return with(plan -> plan.trigger(trigger));
    }

    /** For the second of two vCPUs. */
    FaultScenario toSecond() {
        return with(plan -> plan.vcpus(2).to(OptionalInt.of(1)));
    }

    private FaultScenario with(UnaryOperator<RunPlan.Builder> more) {
        return new FaultScenario(run.changed(more), after, change, first);
    }

    /** The guest takes interrupts before the change. */
    FaultScenario after(int taken) {
        return new FaultScenario(run.changed(plan -> plan.pace(Pace.oneByOne(taken))), taken, change, false);
    }

    /** The guest takes interrupts after the change. */
    FaultScenario afterChange(int taken) {
        return new FaultScenario(run.changed(plan -> plan.pace(Pace.oneByOne(taken))), taken, change, true);
    }

    FaultScenario change(Consumer<FrozenVcpu> more) {
        return new FaultScenario(run, after, change.andThen(more), first);
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
