package dev.interject.experiment.boot;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;

import dev.interject.device.MmioDevice;
import dev.interject.device.PortDevice;
import dev.interject.guest.boot.UnbootableImageException;
import dev.interject.guest.image.GuestImage;
import dev.interject.guest.image.Images;
import dev.interject.interrupt.Irqchip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a PC cannot be built of. No guest runs. */
class PcBuilderTest {

    /** Does nothing at its ports. */
    private static final class Nothing implements PortDevice, MmioDevice {

        @Override
        public int read(int port, int width) {
            return 0;
        }

        @Override
        public void write(int port, int width, int value) {
            // nothing
        }

        @Override
        public long read(long offset, int width) {
            return 0;
        }

        @Override
        public void write(long offset, int width, long value) {
            // nothing
        }
    }

    private static PcBuilder builder() {
        return BootedPc.builder(GuestImage.of(Images.file("elf64"))).memory(8 << 20);
    }

    private static long number(String text) {
        return Long.decode(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0x510 | 0x50f | 0x510-0x50f: not a range of I/O ports (0x0 to 0xffff)",
        "-1 | 5 | not a range of I/O ports",
        "0xffff | 0x10000 | not a range of I/O ports",
        "0x21 | 0x21 | ports 0x21-0x21 overlap 0x20-0x21 of the master 8259",
        "0x43 | 0x60 | ports 0x43-0x60 overlap 0x40-0x43 of the 8254",
        "0x3ff | 0x400 | 0x3ff-0x400 for Nothing overlaps 0x3f8-0x3ff, which Serial16550 owns",
        "0xf4 | 0xf4 | which ExitPort owns",
        "0x503 | 0x503 | 0x503-0x503 for Nothing overlaps 0x500-0x503, which Nothing owns"})
    void portsThatAreTaken_areRefused(String first, String last, String why) {
        assertThatIllegalArgumentException().isThrownBy(() -> builder().portDevice(0x500, 0x503, new Nothing())
                .portDevice((int) number(first), (int) number(last), new Nothing())
                .build()).withMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0xd0000000 | 0 | 0 bytes at 0xd0000000: not a range of addresses",
        "0xd0000000 | -1 | not a range of addresses",
        "-4096 | 4096 | a physical address has at most 52 bits",
        "0x7fffffffffffffff | 2 | a physical address has at most 52 bits",
        "0x10000000000000 | 1 | a physical address has at most 52 bits",
        "0x7ff000 | 0x2000 | addresses 0x7ff000-0x800fff are in RAM, which ends at 0x7fffff",
        "0 | 1 | are in RAM",
        "0xfec00fff | 1 | overlap 0xfec00000-0xfec00fff of the IOAPIC",
        "0xfee00000 | 0x1000 | of the LAPIC",
        "0xfffbf000 | 1 | of KVM",
        "0xe0000fff | 2 | 0xe0000fff-0xe0001000 for Nothing overlaps 0xe0000000-0xe0000fff, which Nothing owns"})
    void addressesThatAreTaken_areRefused(String address, String bytes, String why) {
        assertThatIllegalArgumentException().isThrownBy(() -> builder().mmioDevice(0xe000_0000L, 0x1000, new Nothing())
                .mmioDevice(number(address), number(bytes), new Nothing())
                .build()).withMessageContaining(why);
    }

    @Test
    void valuesOutOfRange_areRefusedWhenTheyAreSet() {
        PcBuilder builder = builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.memory(100))
                .withMessage("memory must be 1M to 3G, in pages of 4K");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.vcpus(33))
                .withMessage("vcpus must be 1 to 32, not 33");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.until(""));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.vcpus(2).irqchip(Irqchip.USERSPACE).build())
                .withMessage("vcpus must be 1 to 1, not 2");
    }

    @Test
    void filesThatCannotBeBooted_areRefused() {
        assertThatExceptionOfType(UnbootableImageException.class)
                .isThrownBy(() -> GuestImage.of(Path.of("/no/such/file")));
        assertThatExceptionOfType(UnbootableImageException.class)
                .isThrownBy(() -> builder().initrd(Path.of("/no/such/file")));
        assertThatExceptionOfType(UnbootableImageException.class)
                .isThrownBy(() -> builder().commandLine("an ELF file takes none").build());
    }
}
