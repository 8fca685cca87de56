package dev.interject.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"1, 1 us", "1000, 1 us", "250000, 250 us", "1000000, 1 ms", "700000000, 700 ms", "999999999, 999 ms",
        "1000000000, 1 s", "1500000000, 1.5 s", "2000000000, 2 s", "10000000000, 10 s", "10025000000, 10 s",
        "9960000000, 10 s", "0, 0 us"})
    void duration_hasOneForm(long nanos, String text) {
        assertThat(Durations.format(Duration.ofNanos(nanos))).isEqualTo(text);
    }
}
