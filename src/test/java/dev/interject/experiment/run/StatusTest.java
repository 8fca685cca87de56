package dev.interject.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Outcome;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A status is shown only if a controller reported one. */
@RequiresKvm
class StatusTest {

    @ParameterizedTest
    @CsvSource({"KERNEL, line, true", "KERNEL, msi, true", "KERNEL, msi-route, true", "KERNEL, irqfd, false",
        "KERNEL, msi-irqfd, false", "KERNEL, ipi, false", "KERNEL, nmi, false", "KERNEL, pit, false",
        "USERSPACE, vector, true"})
    void status_existsOnlyIfAControllerReportedIt(Irqchip irqchip, Route path, boolean reported) {
        RunReport report = Run.on(irqchip).path(path).count(3).report();

        assertThat(report.outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(IntStream.range(0, 3).mapToObj(i -> report.interrupts().status(i).isPresent()))
                .containsOnly(reported);
    }
}
