package dev.interject.cli.option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.interject.experiment.boot.BootPlan;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.ImageFormat;
import dev.interject.guest.image.ImageOptions;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.pc.CpuModel;
import picocli.CommandLine.Option;

/** How an image of the user's is loaded, and the PC around it. */
public final class PcOptions {

    /** A device that a PC does not have by itself. */
    enum Device {
        PC_TESTDEV;

        @Override
        public String toString() {
            return "pc-testdev";
        }
    }

    @Option(names = "--append", paramLabel = "TEXT", defaultValue = "", description = "the image's command line")
    private String append;

    @Option(names = "--initrd", paramLabel = "FILE",
            description = "a file to load beside the image: Linux's initrd, or a module of Multiboot or PVH")
    private Path initrd;

    @Option(names = "--memory", paramLabel = "SIZE", defaultValue = "128M", converter = SizeConverter.class,
            description = "the image's memory, 1M to 3G (default: 128M); it takes up what the guest touches")
    private Long memory;

    @Option(names = "--cpu", paramLabel = "CPU", defaultValue = "host",
            description = "what CPUID shows an image: host (default: all that the host offers) or x86-64 (the first"
                    + " 64-bit CPUs), then features, such as x86-64,+cx16 or host,-x2apic")
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

    @Option(names = "--device", paramLabel = "NAME",
            description = "add a device to the image's PC: pc-testdev of kvm-unit-tests")
    private List<Device> devices = List.of();

    @Option(names = "--no-acpi", description = "leave out the image's ACPI tables and MP table")
    private boolean noAcpi;

    /** What is loaded. */
    public BootPlan.Software software(Path image) {
        return new BootPlan.Software(image, new ImageOptions(Optional.ofNullable(format), Optional.ofNullable(mode),
                optional(load), optional(entry)), append, Optional.ofNullable(initrd));
    }

    /** The PC. */
    public BootPlan.Hardware hardware(Irqchip irqchip, int vcpus) {
        return new BootPlan.Hardware(irqchip, vcpus, memory, CpuModel.of(cpu),
                new BootPlan.Devices(!noAcpi, devices.contains(Device.PC_TESTDEV), true));
    }

    private static OptionalLong optional(Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
