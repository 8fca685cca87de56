package dev.interject.cli.boot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import dev.interject.cli.option.PcOptions;
import dev.interject.cli.option.UsageException;
import dev.interject.experiment.boot.BootPlan;
import dev.interject.interrupt.Irqchip;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say what is booted, on which PC. */
public final class BootOptions {

    @Parameters(paramLabel = "IMAGE", arity = "1",
            description = "the image: ELF, Multiboot 1 or 2, PVH, Linux bzImage, or a flat binary")
    private Path image;

    @Option(names = "--vcpus", paramLabel = "N", defaultValue = "1",
            description = "how many vCPUs the guest has (default: 1)")
    private int vcpus;

    @Option(names = "--irqchip", paramLabel = "WHERE", defaultValue = "kernel",
            description = "where the interrupt controllers live: kernel (default),"
                    + " split (only the LAPIC in the kernel) or userspace (none of them in the kernel)")
    private Irqchip irqchip;

    @Mixin
    private PcOptions pc;

    @Option(names = "--timeout", paramLabel = "TIME", description = "end the guest after this time, such as 10s"
            + " (default: no limit)")
    private Duration timeout;

    @Option(names = "--until", paramLabel = "TEXT", description = "end the guest, with exit code 0, when its console"
            + " shows this text")
    private String until;

    /**
     * The plan.
     *
     * @throws UsageException where the library refuses such a plan
     */
    BootPlan plan() {
        return UsageException.checked(() -> new BootPlan(pc.software(image), pc.hardware(irqchip, vcpus),
                Optional.ofNullable(timeout), Optional.ofNullable(until)));
    }
}
