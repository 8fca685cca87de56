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
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.machine.FrozenVcpu;

/**
 * The scene of a fault: an interrupt as a run would inject it, how many the guest takes before, and what is changed by
 * hand then.
 *
 * @param run    the interrupt
 * @param after  how many the guest takes first
 * @param setUp  what is done to the frozen guest
 * @param first  whether that is done before those are taken, not after
 */
public record FaultScenario(RunPlan run, int after, Consumer<FrozenVcpu> setUp, boolean first) {

    private static final int GATE_BYTES = 16;

    static FaultScenario of(BuiltinGuest guest, Irqchip irqchip, Path path) {
        return new FaultScenario(RunPlan.on(irqchip).guest(guest).path(path).pace(Pace.oneByOne(1)).build(), 0,
                bench -> {},
                false);
    }

    /** A line of the kernel's controllers. */
    static FaultScenario line(BuiltinGuest guest, int line) {
        return of(guest, Irqchip.KERNEL, Path.LINE).line(line);
    }

    /** A line of our own 8259s. */
    static FaultScenario ownLine(BuiltinGuest guest, int line) {
        return of(guest, Irqchip.USERSPACE, Path.VECTOR).line(line);
    }

    /** A pin of the kernel's IOAPIC. */
    static FaultScenario pin(int pin, LongUnaryOperator bits) {
        return line(BuiltinGuest.APIC, pin).redirection(pin, bits);
    }

    static FaultScenario message(int address, int vector) {
        RunPlan run = of(BuiltinGuest.APIC, Irqchip.KERNEL, Path.MSI).run;
        return new FaultScenario(
                run.changed(plan -> plan.address(OptionalInt.of(address)).vector(OptionalInt.of(vector))), 0,
                bench -> {}, false);
    }

    FaultScenario line(int line) {
        return with(run.changed(plan -> plan.lines(List.of(line))));
    }

    FaultScenario rawVector(int vector) {
        return with(run.changed(plan -> plan.vector(OptionalInt.of(vector))));
    }

    FaultScenario trigger(Trigger trigger) {
        return with(run.changed(plan -> plan.trigger(trigger)));
    }

    /** For the second of two vCPUs. */
    FaultScenario toSecond() {
        return with(run.changed(plan -> plan.vcpus(2).to(OptionalInt.of(1))));
    }

    private FaultScenario with(RunPlan plan) {
        return new FaultScenario(plan, after, setUp, first);
    }

    FaultScenario after(int taken) {
        return new FaultScenario(run.changed(plan -> plan.pace(Pace.oneByOne(taken))), taken, setUp, false);
    }

    /** So many are taken when all is set up. */
    FaultScenario afterSetUp(int taken) {
        return new FaultScenario(run.changed(plan -> plan.pace(Pace.oneByOne(taken))), taken, setUp, true);
    }

    FaultScenario bench(Consumer<FrozenVcpu> more) {
        return new FaultScenario(run, after, setUp.andThen(more), first);
    }

    FaultScenario master(UnaryOperator<PicState> change) {
        return bench(bench -> bench.master(change));
    }

    FaultScenario slave(UnaryOperator<PicState> change) {
        return bench(bench -> bench.slave(change));
    }

    FaultScenario lapic(UnaryOperator<LapicRegisters> change) {
        return bench(bench -> bench.lapic(change));
    }

    FaultScenario redirection(int pin, LongUnaryOperator bits) {
        return bench(bench -> bench.redirection(pin, entry -> new Redirection(bits.applyAsLong(entry.bits()))));
    }

    FaultScenario idtLimit(int limit) {
        return bench(bench -> bench.special(
                special -> special.withIdt(new DescriptorTable(special.idt().base(), limit))));
    }

    /** Changes one byte of a gate; the guest's IDT is mapped one to one. */
    FaultScenario idtByte(int vector, int offset, int value) {
        return bench(bench -> bench.write(bench.state().special().idt().base() + vector * GATE_BYTES + offset,
                (byte) value));
    }
}
