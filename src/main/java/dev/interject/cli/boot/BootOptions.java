package dev.interject.cli.boot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.interject.cli.option.AddressConverter;
import dev.interject.cli.option.SizeConverter;
import dev.interject.cli.option.UsageException;
import dev.interject.experiment.boot.BootPlan;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.ImageFormat;
import dev.interject.guest.image.ImageOptions;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.pc.CpuModel;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say what is booted, on which PC. */
public final class BootOptions {

    /** A device that a PC does not have by itself. */
    enum Device {
        PC_TESTDEV;

        @Override
        public String toString() {
            return "pc-testdev";
        }
    }

    @Parameters(paramLabel = "IMAGE", arity = "1",
            description = "the image: ELF, Multiboot 1 or 2, PVH, Linux bzImage, or a flat binary")
    private Path image;

    @Option(names = "--append", paramLabel = "TEXT", defaultValue = "", description = "the image's command line")
    private String append;

    @Option(names = "--initrd", paramLabel = "FILE",
            description = "a file to load beside the image: Linux's initrd, or a module of Multiboot or PVH")
    private Path initrd;

    @Option(names = "--memory", paramLabel = "SIZE", defaultValue = "128M", converter = SizeConverter.class,
            description = "the guest's memory, 1M to 3G (default: 128M); it takes up what the guest touches")
    private Long memory;

    @Option(names = "--vcpus", paramLabel = "N", defaultValue = "1",
            description = "how many vCPUs the guest has (default: 1)")
    private int vcpus;

    @Option(names = "--irqchip", paramLabel = "WHERE", defaultValue = "kernel",
            description = "where the interrupt controllers live: kernel (default),"
                    + " split (only the LAPIC in the kernel) or userspace (none of them in the kernel)")
    private Irqchip irqchip;

    @Option(names = "--cpu", paramLabel = "CPU", defaultValue = "host",
            description = "what CPUID shows: host (default: all that the host offers) or x86-64 (the first 64-bit"
                    + " CPUs), then features, such as x86-64,+cx16 or host,-x2apic")
    private String cpu;

    @Option(names = "--format", paramLabel = "FORMAT",
            description = "the image's format, if its content does not tell: flat, elf, multiboot, multiboot2, pvh or"
                    + " linux")
    private ImageFormat format;

    @Option(names = "--mode", paramLabel = "MODE",
            description = "the CPU's mode in which the image starts: real, protected or long; a flat binary starts in"
                    + " real mode by itself")
    private BootMode mode;

    @Option(names = "--load", paramLabel = "ADDRESS", converter = AddressConverter.class,
            description = "where a flat binary is loaded (default: 0x7c00 in real mode, else 0x100000)")
    private Long load;

    @Option(names = "--entry", paramLabel = "ADDRESS", converter = AddressConverter.class,
            description = "where a flat binary or an ELF file starts (default: at its beginning; at its entry)")
    private Long entry;

    @Option(names = "--device", paramLabel = "NAME", description = "add a device: pc-testdev of kvm-unit-tests")
    private List<Device> devices = List.of();

    @Option(names = "--no-acpi", description = "leave out the ACPI tables and the MP table")
    private boolean noAcpi;

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
        return UsageException.checked(() -> new BootPlan(
                new BootPlan.Software(image, imageOptions(), append, Optional.ofNullable(initrd)),
                new BootPlan.Hardware(irqchip, vcpus, memory, CpuModel.of(cpu),
                        new BootPlan.Devices(!noAcpi, devices.contains(Device.PC_TESTDEV), true)),
                Optional.ofNullable(timeout), Optional.ofNullable(until)));
    }

    private ImageOptions imageOptions() {
        return new ImageOptions(Optional.ofNullable(format), Optional.ofNullable(mode), optional(load),
                optional(entry));
    }

    private static OptionalLong optional(Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
