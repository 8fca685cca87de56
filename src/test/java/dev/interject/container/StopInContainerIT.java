package dev.interject.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;

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

    private static final Duration AT_MOST = Duration.ofSeconds(8);

    private static void assertThatItEndedWithItsReport(Result result, int exitCode, Instant askedAt) {
        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
        assertThat(Duration.between(askedAt, result.finishedAt())).isLessThan(AT_MOST);
        assertThat(Json.parseObject(result.out())).containsEntry("outcome", "interrupted");
        assertThat(Json.object(Json.parseObject(result.out()), "ledger")).containsEntry("lost", 0L);
        assertThat(result.errLines()).singleElement().asString().startsWith("interject: interrupted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run --interval 60s", "run --count 1000000", "run --count 1000000 --irqchip userspace",
        "run --guest spin --timeout 60s"})
    void controlC_endsTheRunEarlyWithItsReport(String line, Image image) throws InterruptedException {
        try (InterjectContainer container = InterjectContainer.withKvm(image, line + " --output json")) {
            container.start();
            container.awaitVcpu();

            Instant askedAt = Instant.now();
            container.signal("INT");

            assertThatItEndedWithItsReport(container.result(), 130, askedAt);
        }
    }

    @Test
    void dockerStop_endsTheRunEarlyWithItsReport(Image image) throws InterruptedException {
        try (InterjectContainer container =
                InterjectContainer.withKvm(image, "run --interval 60s --output json")) {
            container.start();
            container.awaitVcpu();

            Instant askedAt = Instant.now();
            container.askToStop();

            assertThatItEndedWithItsReport(container.result(), 143, askedAt);
        }
    }
}
