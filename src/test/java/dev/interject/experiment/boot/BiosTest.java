package dev.interject.experiment.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.guest.image.ImageOptions;
import dev.interject.guest.image.Images;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.pc.CpuModel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The memory is that of INT 12h, INT 15h with AH = 88h and AX = E801h, and, a range a line, AX = E820h. */
@RequiresKvm
class BiosTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String LOW = """
            0000 0000 0009 fc00 0001\s
            0009 fc00 0000 0400 0002\s
            000f 0000 0001 0000 0002\s
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"1 | 027f 0000 0000 0000 | ''", "8 | 027f 1c00 1c00 0000 | 0010 0000 0070 0000",
                "256 | 027f fc00 3c00 0f00 | 0010 0000 0ff0 0000", "3072 | 027f fc00 3c00 bf00 | 0010 0000 bff0 0000"})
    void calls_tellTheMemoryAndPassCharacters(int mib, String sizes, String above) {
        var console = new ByteArrayOutputStream();
        var plan = new BootPlan(
                new BootPlan.Software(Images.file("bios-calls"), ImageOptions.NONE, "", Optional.empty()),
                new BootPlan.Hardware(Irqchip.KERNEL, 1, (long) mib << 20, CpuModel.HOST, BootPlan.Devices.USUAL),
                Optional.of(PATIENCE), Optional.empty());

        BootReport report = BootExperiment.run(plan,
                new BootConsole(console, Optional.of(new ByteArrayInputStream("k".getBytes())), false),
                new Cancellation());

        assertThat(report.end()).isEqualTo(new BootEnd.Exited(0x10));
        assertThat(console).hasToString(sizes + " \n" + LOW + (above.isEmpty() ? "" : above + " 0001 \n") + "k\n");
    }
}
