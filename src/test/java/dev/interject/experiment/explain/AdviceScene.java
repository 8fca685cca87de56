package dev.interject.experiment.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;

/** One interrupt for a guest in a situation. */
record AdviceScene(MachineChoice machine, InterruptChoice interrupt, List<String> settings) {

    static AdviceScene of(Irqchip irqchip, BuiltinGuest guest, Route path) {
        return new AdviceScene(MachineChoice.of(irqchip, guest), InterruptChoice.by(path), List.of());
    }

    /** A line of the kernel's 8259s. */
    static AdviceScene pic(int line) {
        return of(Irqchip.KERNEL, BuiltinGuest.PIC, Route.LINE).with(choice -> choice.withLine(line));
    }

    /** A pin of the kernel's IOAPIC. */
    static AdviceScene pin() {
        return of(Irqchip.KERNEL, BuiltinGuest.APIC, Route.LINE).with(choice -> choice.withLine(20));
    }

    static AdviceScene message() {
        return of(Irqchip.KERNEL, BuiltinGuest.APIC, Route.MSI);
    }

    static AdviceScene vector(int vector) {
        return of(Irqchip.USERSPACE, BuiltinGuest.PIC, Route.VECTOR).with(choice -> choice.withVector(vector));
    }

    static AdviceScene nmi() {
        return of(Irqchip.KERNEL, BuiltinGuest.NMI, Route.NMI);
    }

    AdviceScene with(UnaryOperator<InterruptChoice> change) {
        return new AdviceScene(machine, change.apply(interrupt), settings);
    }

    AdviceScene level() {
        return with(choice -> choice.withTrigger(Trigger.LEVEL));
    }

    AdviceScene address(int address) {
        return with(choice -> choice.withAddress(address));
    }

    /** For the second of two vCPUs. */
    AdviceScene toSecond() {
        return new AdviceScene(machine.withVcpus(2, 1), interrupt, settings);
    }

    AdviceScene set(String... more) {
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of(more));
        return new AdviceScene(machine, interrupt, all);
    }

    RunPlan plan() {
        return RunPlan.on(machine)
                .with(interrupt)
                .with(Pace.oneByOne(1))
                .with(Situation.of(settings.toArray(String[]::new)));
    }
}
