package dev.interject.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.RequiresKvm;
import dev.interject.cli.Json;
import dev.interject.container.InterjectContainer.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C and {@code docker stop}: Interject is the container's first process, which has no default signal action. */
@RequiresDocker
@RequiresKvm
class StopInContainerIT {

    private static void assertThatItEndedWithItsReport(Result result, int exitCode) {
        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
        assertThat(Json.parseObject(result.out())).containsEntry("outcome", "interrupted");
        assertThat(Json.object(Json.parseObject(result.out()), "ledger")).containsEntry("lost", 0L);
        assertThat(result.errLines()).singleElement().asString().startsWith("interject: interrupted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run --interval 60m", "run --count 1000000", "run --count 1000000 --irqchip userspace",
        "run --guest spin --timeout 60m"})
    void controlC_endsTheRunEarlyWithItsReport(String line, Image image) throws InterruptedException {
        try (InterjectContainer container = InterjectContainer.withKvm(image, line + " --output json")) {
            container.start();
            container.awaitVcpu();

            container.signal("INT");

            assertThatItEndedWithItsReport(container.result(), 130);
        }
    }

    /** Docker kills what does not end within ten seconds, which would be the exit code 137. */
    @Test
    void dockerStop_endsTheRunEarlyWithItsReport(Image image) throws InterruptedException {
        try (InterjectContainer container =
                InterjectContainer.withKvm(image, "run --interval 60m --output json")) {
            container.start();
            container.awaitVcpu();

            container.askToStop();

            assertThatItEndedWithItsReport(container.result(), 143);
        }
    }
}
