package dev.interject.experiment.boot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

import dev.interject.experiment.InvalidValueException;
import dev.interject.guest.MemoryMap;
import dev.interject.guest.boot.BootMemory;
import dev.interject.guest.image.ImageOptions;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.pc.CpuModel;

/**
 * What to boot, and when to end it.
 *
 * @param software what is loaded
 * @param hardware the PC around it
 * @param timeout  how long it may run; empty for no limit
 * @param until    the text on the console that ends it; empty for none
 */
public record BootPlan(Software software, Hardware hardware, Optional<Duration> timeout, Optional<String> until) {

    /**
     * What is loaded.
     *
     * @param image       a file
     * @param options     what is known of the image beside its content
     * @param commandLine may be empty
     * @param initrd      a file
     */
    public record Software(Path image, ImageOptions options, String commandLine, Optional<Path> initrd) {

        /** Checks that nothing is missing. */
        public Software {
            Objects.requireNonNull(image, "image");
            Objects.requireNonNull(options, "options");
            Objects.requireNonNull(commandLine, "commandLine");
            Objects.requireNonNull(initrd, "initrd");
        }

        /** The image's file name; empty for a root directory. */
        public String name() {
            return Optional.ofNullable(image.getFileName()).map(Path::toString).orElse("");
        }
    }

    /**
     * The PC.
     *
     * @param irqchip     where the interrupt controllers live
     * @param memoryBytes the size of RAM, 1 MiB to 3 GiB
     */
    public record Hardware(Irqchip irqchip, int vcpus, long memoryBytes, CpuModel cpu, Devices devices) {

        private static final int PAGE = 0x1000;

        /**
         * Checks the values.
         *
         * @throws InvalidValueException if one is out of range
         */
        public Hardware {
            Objects.requireNonNull(cpu, "cpu");
            Objects.requireNonNull(devices, "devices");
            InvalidValueException.requireWithin("vcpus", vcpus, 1,
                    irqchip.hasLapicInKernel() ? MemoryMap.MOST_VCPUS : 1);
            requireMemory(memoryBytes);
        }

        /** @throws InvalidValueException unless RAM may have this size */
        public static void requireMemory(long bytes) {
            if (bytes < BootMemory.LEAST_BYTES || bytes > BootMemory.MOST_BYTES || bytes % PAGE != 0) {
                throw new InvalidValueException("memory", "must be 1M to 3G, in pages of 4K");
            }
        }
    }

    /**
     * What a PC may have or lack.
     *
     * @param acpi       whether the guest finds ACPI tables and an MP table
     * @param testDevice whether there is the test device of kvm-unit-tests
     * @param pit        whether there is a timer on line 0
     */
    public record Devices(boolean acpi, boolean testDevice, boolean pit) {

        /** Those of a PC. */
        public static final Devices USUAL = new Devices(true, false, true);
    }

    /**
     * Checks the conditions that end it.
     *
     * @throws InvalidValueException if one can never be met
     */
    public BootPlan {
        Objects.requireNonNull(software, "software");
        Objects.requireNonNull(hardware, "hardware");
        if (timeout.isPresent() && (timeout.get().isNegative() || timeout.get().isZero())) {
            throw new InvalidValueException("timeout", "must be above 0");
        }
        if (until.isPresent() && until.get().isEmpty()) {
            throw new InvalidValueException("until", "must not be empty");
        }
    }
}
