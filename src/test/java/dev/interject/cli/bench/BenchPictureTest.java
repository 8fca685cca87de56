package dev.interject.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

import dev.interject.cli.svg.Picture;
import dev.interject.experiment.bench.BenchHost;
import dev.interject.experiment.bench.BenchPlan;
import dev.interject.experiment.bench.BenchReport;
import dev.interject.experiment.bench.Measure;
import org.junit.jupiter.api.Test;

/** The picture of a measurement without rows; those with rows are measured in {@link BenchOutputTest}. */
class BenchPictureTest {

    private static final BenchHost HOST = new BenchHost("nowhere", "CPU <1> & only", "6.1", "22", LocalDate.EPOCH);

    @Test
    void measurementWithoutRows_hasAMessage() throws Exception {
        BenchPlan plan = new BenchPlan(Optional.empty(), Optional.empty(), Optional.empty(),
                EnumSet.allOf(Measure.class), 10, 2, false);
        Picture picture = new Picture(BenchSvg.render(new BenchReport(plan, List.of(), true), HOST));

        picture.assertLegible();
        assertThat(picture.words("dim")).containsExactly(
                "host nowhere (CPU <1> & only), 1970-01-01, Linux 6.1, Java 22, 2 rounds of 10");
        assertThat(picture.words("alert")).containsExactly("nothing was measured");
    }
}
