package dev.interject.experiment.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;

/**
 * The scenario of a fault: an interrupt, how many the guest takes first, and what is set in it.
 *
 * @param base     the interrupt, as a run injects it, without what is set
 * @param after    how many the guest takes first
 * @param settings what is set in the frozen guest, as {@link Situation} reads it
 * @param first    whether it is set before those interrupts, not after them
 */
public record FaultScenario(RunPlan base, int after, List<String> settings, boolean first) {

    static FaultScenario of(BuiltinGuest guest, Irqchip irqchip, Route path) {
        RunPlan one =
                RunPlan.on(MachineChoice.of(irqchip, guest)).with(InterruptChoice.by(path)).with(Pace.oneByOne(1));
        return new FaultScenario(one, 0, List.of(), false);
    }

    /** A line of the kernel's controllers. */
    static FaultScenario line(BuiltinGuest guest, int line) {
        return of(guest, Irqchip.KERNEL, Route.LINE).line(line);
    }

    /** A line of the 8259s in user space. */
    static FaultScenario userspaceLine(BuiltinGuest guest, int line) {
        return of(guest, Irqchip.USERSPACE, Route.VECTOR).line(line);
    }

    /**
     * A pin of the kernel's IOAPIC.
     *
     * @param fields of its redirection entry, as {@code FIELD=VALUE}
     */
    static FaultScenario pin(int pin, String... fields) {
        return line(BuiltinGuest.APIC, pin)
                .set(Stream.of(fields).map(field -> "ioapic[%d].%s".formatted(pin, field)).toArray(String[]::new));
    }

    static FaultScenario message(int address, int vector) {
        return of(BuiltinGuest.APIC, Irqchip.KERNEL, Route.MSI)
                .with(interrupt -> interrupt.withAddress(address).withVector(vector));
    }

    /** The interrupt, as a run injects it, with what is set. */
    public RunPlan run() {
        return base.with(Situation.of(settings.toArray(String[]::new)));
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
        RunPlan two = new RunPlan(base.machine().withVcpus(2, 1), base.interrupt(), base.pace(), base.conduct());
        return new FaultScenario(two, after, settings, first);
    }

    private FaultScenario with(UnaryOperator<InterruptChoice> more) {
        return new FaultScenario(base.with(more.apply(base.interrupt())), after, settings, first);
    }

    /** The guest takes interrupts before anything is set. */
    FaultScenario after(int taken) {
        return new FaultScenario(base.with(Pace.oneByOne(taken)), taken, settings, false);
    }

    /** The guest takes interrupts after everything is set. */
    FaultScenario afterSetting(int taken) {
        return new FaultScenario(base.with(Pace.oneByOne(taken)), taken, settings, true);
    }

    FaultScenario set(String... more) {
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of(more));
        return new FaultScenario(base, after, all, first);
    }
}
