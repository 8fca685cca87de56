package examples;

import dev.interject.experiment.*;
import dev.interject.experiment.plan.*;
import dev.interject.experiment.run.*;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.*;
import dev.interject.interrupt.route.Route;

/** Has a plan send a thousand messages (MSIs), and prints what happened to them. */
final class ByPlan {

    public static void main(String[] arguments) {
        RunPlan plan = RunPlan.on(MachineChoice.of(Irqchip.KERNEL, BuiltinGuest.APIC))
                .with(InterruptChoice.by(Route.MSI))
                .with(Pace.oneByOne(1000));

        RunReport report = RunExperiment.run(plan);

        System.out.println(report.ledger() + ", lost " + report.ledger().lost());
        System.out.printf("vector 0x%02x, median %.1f us%n", report.target().vector().orElseThrow(),
                report.interrupts().summary().orElseThrow().p50() / 1000.0);
        System.out.println(report.outcome());
    }
}
