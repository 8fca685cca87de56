package dev.interject.cli.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.guest.image.Images;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images that are not to be trusted: two lines that say what and what to do, and exit code 2. A JVM of its own with a
 * small heap boots those that claim much memory. {@code MutatedImagesTest} damages and truncates images at random.
 */
class BootLimitsTest {

    private static final String SMALL_HEAP = "exec env JDK_JAVA_OPTIONS=-Xmx48m \"$@\"";

    @TempDir
    private Path directory;

    private void assertRefused(ChildProcess.Result result, String what) {
        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines().filter(line -> !line.startsWith("NOTE: Picked up"))).hasSize(2)
                .first()
                .satisfies(line -> assertThat(line).startsWith("interject: ").contains(what));
        assertThat(result.err()).contains("\n  fix: ").doesNotContain("Exception");
    }

    /** An image with some of its bytes changed. */
    private Path changed(String name, int offset, String value, int bytes) throws IOException {
        byte[] image = Images.content(name);
        byte[] number = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value.startsWith("-") ? Long.decode(value) : Long.parseUnsignedLong(value.substring(2), 16))
                .array();
        System.arraycopy(number, 0, image, offset, bytes);
        return Files.write(directory.resolve("image"), image);
    }

    /** Offsets are those of the ELF header and of the first, or for pvh the second, program header. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "elf64 | 104 | 0x100000000 | ends at 0x100200000, beyond the guest's memory of 8 MiB",
        "elf64 | 104 | 0x8000000000000000 | ",
        "elf64 | 104 | 0xffffffffffffffff | ",
        "elf64 | 88 | 0x800000 | beyond the guest's memory of 8 MiB",
        "elf64 | 88 | 0xfffffffffffff000 | ",
        "elf64 | 96 | 0x7fffffff | ",
        "elf64 | 72 | 0x7fffffffffffffff | ",
        "elf64 | 24 | 0x700000 | the entry at 0x700000",
        "elf64 | 32 | 0xffffffffffffff00 | ",
        "pvh | 144 | 0x100010 | overlap"})
    void elfFile_isRefused(String name, int offset, String value, String what) throws IOException {
        Path image = changed(name, offset, value, Long.BYTES);

        assertRefused(
                ChildProcess.run(Interject.commandInShell(SMALL_HEAP, "boot", image.toString(), "--memory", "8M")),
                what == null ? "" : what);
    }

    /** Offsets in the header: its address, the loaded bytes' begin and end, the BSS's end, the entry. */
    @ParameterizedTest
    @CsvSource({"12, 0x0", "12, 0xffffffff", "16, 0x0", "20, 0xffffffff", "20, 0x1", "24, 0xffffffff",
        "24, 0x300001", "28, 0xffffffff", "28, 0x0"})
    void absurdMultibootAddress_isRefused(int field, String value) throws IOException {
        ByteBuffer image = ByteBuffer.wrap(Images.content("multiboot-flat")).order(ByteOrder.LITTLE_ENDIAN);
        image.putInt(field, (int) Long.parseLong(value.substring(2), 16));
        Path file = Files.write(directory.resolve("image"), image.array());

        assertRefused(ChildProcess.run(Interject.commandInShell(SMALL_HEAP, "boot", file.toString(), "--memory", "8M")),
                "");
    }

    /** A Multiboot 2 header with an address tag and an entry tag, and a page behind. */
    private Path multiboot2(int header, int begin, int end, int bssEnd, int entry) throws IOException {
        int length = 64;
        ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        image.putInt(0xe85250d6).putInt(0).putInt(length).putInt(-(0xe85250d6 + length));
        image.putInt(2).putInt(24).putInt(header).putInt(begin).putInt(end).putInt(bssEnd);
        image.putInt(3).putInt(12).putInt(entry).putInt(0);
        image.putInt(0).putInt(8);
        image.put(length, new byte[]{(byte) 0xeb, (byte) 0xfe}); // a loop
        return Files.write(directory.resolve("image"), image.array());
    }

    @Test
    @RequiresKvm
    void multiboot2AddressTag_isFollowed() throws IOException {
        Path image = multiboot2(0x200000, 0x200000, 0x201000, 0x202000, 0x200040);
        ChildProcess.Result result = Interject.run("boot", image.toString(), "--memory", "8M", "--timeout", "50ms");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
        assertThat(result.err()).contains("at     0x200040", "code   eb fe");
    }

    @ParameterizedTest
    @CsvSource({"0x200000, 0x200000, 0x201000, -1, 0x200040", "0x200000, 0x200000, -1, 0x202000, 0x200040",
        "0, -1, 0x201000, 0x202000, 0x200040", "-16, -16, -1, -1, -16", "0x200000, 0x200000, 0x201000, 0x202000, 0x100",
        "0x200000, 0x200001, 0x201000, 0x202000, 0x200040", "0x900000, 0x900000, 0x901000, 0x902000, 0x900040",
        "0x200000, 0x200000, 0x1fffff, 0x202000, 0x200040"})
    void absurdMultiboot2Address_isRefused(String header, String begin, String end, String bssEnd, String entry)
            throws IOException {
        Path image = multiboot2(Integer.decode(header), Integer.decode(begin), Integer.decode(end),
                Integer.decode(bssEnd), Integer.decode(entry));

        assertRefused(Interject.typeHere("boot " + image + " --memory 8M"), "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"multiboot", "multiboot2", "pvh", "linux"})
    void initrdThatDoesNotFit_isRefused(String image) throws IOException {
        Path initrd = directory.resolve("initrd");
        try (RandomAccessFile sparse = new RandomAccessFile(initrd.toFile(), "rw")) {
            sparse.setLength(9 << 20);
        }

        assertRefused(Interject.runHere("boot", Images.file(image).toString(), "--memory", "8M", "--initrd",
                initrd.toString()), "");
    }

    @Test
    void fileLargerThanAnyImage_isRefusedBeforeItIsRead() throws IOException {
        Path large = directory.resolve("large");
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(5L << 30);
        }

        assertRefused(Interject.typeHere("boot " + large), "5,368,709,120 bytes");
    }

    @Test
    void commandLineThatDoesNotFit_isRefused() {
        assertRefused(Interject.runHere("boot", Images.file("multiboot").toString(), "--memory", "8M", "--append",
                "x".repeat(8 << 20)), "");
    }

    /** 48 MiB of heap are less than {@code yes} writes within a second. */
    @Test
    @RequiresKvm
    void inputWithoutEndThatTheGuestDoesNotRead_takesNoMemory() {
        ChildProcess.Result result = ChildProcess.run(Interject.commandInShell(
                "yes | env JDK_JAVA_OPTIONS=-Xmx48m \"$@\"", "boot", Images.file("spin").toString(), "--timeout",
                "3s"));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
        assertThat(result.err()).doesNotContain("OutOfMemoryError");
    }

    @Test
    @RequiresKvm
    void outputThatIsNotRead_endsWithItsTime() {
        String unread = "mkfifo %1$s/pipe; exec 3<> %1$s/pipe; exec env JDK_JAVA_OPTIONS=-Xmx48m \"$@\" > %1$s/pipe"
                .formatted(directory);
        ChildProcess.Result result = ChildProcess.run(Interject.commandInShell(unread, "boot",
                Images.file("flood").toString(), "--timeout", "2s"));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
        assertThat(result.err()).contains("the guest did not end within 2,000 ms").doesNotContain("OutOfMemoryError");
    }
}
