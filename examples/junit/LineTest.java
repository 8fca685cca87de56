import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;

import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.experiment.run.RunReport;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Interrupts in a JUnit 5 test: by hand, and as a whole run. */
@Timeout(60)
class LineTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void pulsedLine_isTaken() throws InterruptedException {
        try (Machine machine = Machine.builder(BuiltinGuest.PIC).irqchip(Irqchip.KERNEL).openLine(10).start()) {
            assertTrue(machine.awaitReady(PATIENCE));

            machine.line(10).pulse();

            assertTrue(machine.awaitTaken(0x2a, 1, PATIENCE));
        }
    }

    @Test
    void thousandInterrupts_areAllTaken() {
        RunReport report = RunExperiment.run(RunPlan.on(Irqchip.SPLIT).with(Pace.oneByOne(1000)));

        assertEquals(Outcome.TAKEN, report.outcome(), report.toString());
    }
}
