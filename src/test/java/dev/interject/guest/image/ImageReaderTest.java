package dev.interject.guest.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.DirectBoot;
import dev.interject.guest.boot.LinuxBoot;
import dev.interject.guest.boot.LinuxRealBoot;
import dev.interject.guest.boot.LittleEndian;
import dev.interject.guest.boot.UnbootableImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReaderTest {

    private static void refused(byte[] image, ImageOptions options, String what) {
        assertThatExceptionOfType(UnbootableImageException.class).isThrownBy(() -> GuestImage.of(image, options))
                .withMessageContaining(what);
    }

    private static byte[] with(String name, int offset, int word) {
        byte[] image = Images.content(name);
        LittleEndian.of(image).putInt(offset, word);
        return image;
    }

    /** The offset of a word in an image. */
    private static int find(byte[] image, int word) {
        ByteBuffer bytes = LittleEndian.of(image);
        int at = 0;
        while (bytes.getInt(at) != word) {
            at += Integer.BYTES;
        }
        return at;
    }

    @ParameterizedTest
    @CsvSource({
        "flat-real, FLAT, 0x7c00",
        "elf32, ELF, 0x200000",
        "elf64, ELF, 0x200000",
        "multiboot-flat, MULTIBOOT, 0x300020",
        "linux, LINUX, 0x100200"
    })
    void image_isFoundByItsContent(String name, ImageFormat format, String entry) {
        GuestImage image = Images.read(Images.content(name));

        assertThat(image.format()).isEqualTo(format);
        assertThat(image.entry()).isEqualTo(Long.decode(entry));
    }

    @ParameterizedTest
    @CsvSource({"multiboot, MULTIBOOT, _start", "multiboot2, MULTIBOOT2, _start", "pvh, PVH, begin"})
    void imageWithSymbols_startsAtOneOfThem(String name, ImageFormat format, String symbol) {
        GuestImage image = Images.read(Images.content(name));

        assertThat(image.format()).isEqualTo(format);
        assertThat(image.symbols().describe(image.entry())).isEqualTo(symbol);
    }

    @ParameterizedTest
    @CsvSource({"elf32, PROTECTED", "elf64, LONG"})
    void plainElf_startsInTheModeOfItsClass(String name, BootMode mode) {
        assertThat(Images.read(Images.content(name)).protocol()).isInstanceOfSatisfying(DirectBoot.class,
                boot -> assertThat(boot.mode()).isEqualTo(mode));
    }

    /** The entry of Linux's vmlinux is a physical address, although the segments have virtual ones. */
    @Test
    void entryAtAPhysicalAddress_isTakenAsItIs() {
        byte[] kernel = Images.content("elf64");
        long entry = Images.read(kernel).entry();
        LittleEndian.of(kernel).putLong(0x40 + 0x10, 0xffffffff81000000L);

        assertThat(Images.read(kernel).entry()).isEqualTo(entry);
    }

    @ParameterizedTest
    @CsvSource({"LONG, 0x100200", "PROTECTED, 0x100000"})
    void linux_startsAtTheEntryOfTheMode(BootMode mode, String entry) {
        GuestImage image = GuestImage.of(Images.content("linux"), Images.inMode(mode));

        assertThat(image.protocol()).isInstanceOf(LinuxBoot.class);
        assertThat(image.entry()).isEqualTo(Long.decode(entry));
    }

    @Test
    void kernelWithoutThe64BitEntry_startsIn32Bits() {
        byte[] old = with("linux", 0x236, 0);

        assertThat(Images.read(old).entry()).isEqualTo(0x100000);
        refused(old, Images.inMode(BootMode.LONG), "no 64-bit entry");
    }

    @Test
    void kernelWithoutTheOtherEntries_startsInItsSetupCode() {
        byte[] setup = with("linux", 0x236, 0);
        LittleEndian.of(setup).putInt(0x214, 0);

        assertThat(Images.read(setup).protocol()).isInstanceOf(LinuxRealBoot.class);
        refused(setup, Images.inMode(BootMode.PROTECTED), "no 32-bit entry");
    }

    @Test
    void setupCodeBeyondItsStack_isRefused() {
        byte[] large = Arrays.copyOf(with("linux", 0x1f1, 0x7f), 0x20000);

        refused(large, Images.inMode(BootMode.REAL), "the kernel's setup code has 65,536 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "neither an image nor a boot sector, however long it may be"})
    void unknownContent_isRefused(String content) {
        refused(content.getBytes(), ImageOptions.NONE, "no ELF, Multiboot, PVH or Linux image");
    }

    @Test
    void flatBinary_isLoadedAndStartedWhereItIsToBe() {
        ImageOptions options = new ImageOptions(Optional.empty(), Optional.of(BootMode.LONG), OptionalLong.of(0x200000),
                OptionalLong.of(0x200004));

        GuestImage image = GuestImage.of(new byte[16], options);

        assertThat(image.entry()).isEqualTo(0x200004);
        assertThat(image.parts()).singleElement().returns(0x200000L, part -> part.address());
    }

    @Test
    void entryOutsideTheImage_isRefused() {
        refused(new byte[16], new ImageOptions(Optional.empty(), Optional.of(BootMode.LONG), OptionalLong.empty(),
                OptionalLong.of(0x100010)), "the entry at 0x100010 lies outside the image");
    }

    @Test
    void elfOfAnotherMachine_isRefused() {
        byte[] arm = Images.content("elf64");
        LittleEndian.of(arm).putShort(0x12, (short) 183);

        refused(arm, ImageOptions.NONE, "not for x86 (machine 183)");
    }

    @Test
    void dynamicExecutable_isRefused() {
        byte[] relocatable = Images.content("elf64");
        LittleEndian.of(relocatable).putShort(0x10, (short) 3);

        refused(relocatable, ImageOptions.NONE, "not a static executable");
    }

    @Test
    void elfWithoutPvhNote_isRefusedAsPvh() {
        refused(Images.content("elf64"), Images.as(ImageFormat.PVH), "no PVH note");
    }

    @ParameterizedTest
    @CsvSource({"multiboot, REAL", "multiboot2, LONG", "pvh, LONG"})
    void modeThatTheFormatForbids_isRefused(String name, BootMode mode) {
        refused(Images.content(name), Images.inMode(mode), "does not start in " + mode.label() + " mode");
    }

    @Test
    void multibootImageThatRequiresVideo_isRefused() {
        byte[] image = Images.content("multiboot");
        int header = find(image, 0x1badb002);
        LittleEndian.of(image).putInt(header + 4, 4).putInt(header + 8, -(0x1badb002 + 4));

        refused(image, ImageOptions.NONE, "requires a video mode, and the guest has no display");
    }

    @Test
    void multiboot2ImageThatRequiresAFramebuffer_isRefused() {
        byte[] image = Images.content("multiboot2");
        LittleEndian.of(image).putInt(find(image, 1 << 16 | 5), 5);

        refused(image, ImageOptions.NONE, "requires a framebuffer, and the guest has no display");
    }

    /** The second word of the address fields is where loading starts, the third where it ends, the fourth .bss. */
    @ParameterizedTest
    @CsvSource({"4, 0x400000, loads from 0x400000", "8, 0x7fffffff, beyond the end of the file",
        "12, 0x300001, before their start"})
    void absurdMultibootAddress_isRefused(int field, String value, String what) {
        byte[] image = Images.content("multiboot-flat");
        LittleEndian.of(image).putInt(12 + field, Integer.decode(value));

        refused(image, ImageOptions.NONE, what);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/dev/zero", "/no/such/image"})
    void whatIsNoFile_isRefused(String name) {
        assertThatExceptionOfType(UnbootableImageException.class).isThrownBy(() -> GuestImage.of(Path.of(name)))
                .withMessageContaining(name);
    }

    @Test
    void tooManySegments_areRefused() {
        byte[] image = Images.content("elf64");
        byte[] many = Arrays.copyOf(image, 0x20000);
        ByteBuffer elf = LittleEndian.of(many);
        byte[] segment = Arrays.copyOfRange(image, 64, 64 + 56);
        elf.putLong(0x20, 0x1000).putShort(0x38, (short) 1000).putLong(0x28, 0).putShort(0x3c, (short) 0);
        for (int i = 0; i < 1000; i++) {
            elf.put(0x1000 + i * 56, segment);
        }

        refused(many, ImageOptions.NONE, "1,000 segments");
    }
}
