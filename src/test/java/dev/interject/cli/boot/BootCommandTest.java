package dev.interject.cli.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

class BootCommandTest {

    @TempDir
    private Path directory;

    private static String image(String name) {
        return Images.file(name).toString();
    }

    @Test
    @RequiresKvm
    void exitPort_givesTheExitCodeOfQemu() {
        ChildProcess.Result result = Interject.run("boot", image("elf64"));

        assertThat(result.exitCode()).isEqualTo(0x21);
        assertThat(result.out()).isEqualTo("elf64\n");
        assertThat(result.err()).isEqualTo("interject: the guest wrote 0x10 to its exit port\n");
    }

    @Test
    @RequiresKvm
    void until_endsWithSuccess() {
        ChildProcess.Result result = Interject.run("boot", image("flood"), "--until", "xx");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo("xx");
    }

    @Test
    @RequiresKvm
    void serialFile_getsTheOutput() throws IOException {
        Path file = directory.resolve("serial");
        ChildProcess.Result result = Interject.run("boot", image("multiboot-flat"), "--serial", file.toString());

        assertThat(result.out()).isEmpty();
        assertThat(Files.readString(file)).isEqualTo("address fields\n");
    }

    @Test
    @RequiresKvm
    void serialFile_getsTheOutputInPlaceOfAnEarlierOne() throws IOException {
        Path file = Files.writeString(directory.resolve("serial"), "an earlier and longer output\n");

        Interject.run("boot", image("multiboot-flat"), "--serial", file.toString());

        assertThat(Files.readString(file)).isEqualTo("address fields\n");
    }

    @Test
    void serialFileOfARefusedImage_keepsWhatItHad() throws IOException {
        Path file = Files.writeString(directory.resolve("serial"), "an earlier output");
        Path other = directory.resolve("other");

        ChildProcess.Result result = Interject.runHere("boot", "/dev/null", "--serial", file.toString());
        Interject.runHere("boot", "/dev/null", "--serial", other.toString());

        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(file).hasContent("an earlier output");
        assertThat(other).doesNotExist();
    }

    @Test
    @RequiresKvm
    void reset_showsThePostMortem() {
        ChildProcess.Result result = Interject.run("boot", image("reset"), "--append", "p", "--serial", "none");

        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err()).startsWith("interject: the guest reset its machine by port 0xcf9\n")
                .contains("vCPU 0, in protected mode", "at     0x10003a  still_running", "code   b0 21 66 ba",
                        "KVM    irq_injections ")
                .doesNotContain("idt    0x");
    }

    @Test
    @RequiresKvm
    void tripleFault_showsTheInterruptTable() {
        ChildProcess.Result result = Interject.run("boot", image("reset"), "--append", "t", "--serial", "none");

        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err()).startsWith("interject: vCPU 0 crashed: a triple fault (KVM_EXIT_SHUTDOWN)\n");
        assertThat(result.err()).containsAnyOf(
                "idt    0x08 (#DF): limit 0x0, vector 0x08 ends at 0x47; the table ends before this vector\n",
                "KVM has reset it, as it does on AMD at a triple fault: its state at the crash is lost\n");
    }

    @Test
    @RequiresKvm
    void timeout_hasTheExitCodeOfTheWatchdog() {
        ChildProcess.Result result = Interject.run("boot", image("spin"), "--timeout", "100ms");

        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(result.err()).contains("the guest did not end within 100 ms", "here");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/no/such/image | cannot read /no/such/image: no such file",
        "/dev/zero | /dev/zero is not a file",
        "pom.xml | the image is no ELF, Multiboot, PVH or Linux image",
        "pom.xml --mode long --memory 1M | the image ends at",
        "pom.xml --mode real --entry 0x100 | the entry at 0x100 lies outside the image",
        "FORMATS/elf64.img --initrd pom.xml | takes no initrd",
        "FORMATS/linux.img --initrd /no/such/file | cannot read /no/such/file",
        "FORMATS/elf64.img --memory 1M | beyond the guest's memory of 1 MiB"
    })
    void imageThatCannotBeBooted_isRefusedInTwoLines(String arguments, String what) {
        String formats = Images.file("elf64").getParent().toString();
        ChildProcess.Result result = Interject.typeHere("boot " + arguments.replace("FORMATS", formats));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).hasSize(2)
                .first()
                .satisfies(line -> assertThat(line).startsWith("interject: ").contains(what));
        assertThat(result.err()).contains("\n  fix: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--memory 100 | '100' is not a size such as 64M or 2G",
        "--memory 512K | --memory must be 1M to 3G",
        "--memory 4G | --memory must be 1M to 3G",
        "--vcpus 0 | --vcpus must be 1 to 32, not 0",
        "--vcpus 2 --irqchip userspace | --vcpus must be 1 to 1, not 2",
        "--load -1 | '-1' is not within 0 to 0x7fffffffffffffff",
        "--cpu +warp | no CPU feature is named 'warp'",
        "--timeout 0 | --timeout must be above 0",
        "--device nothing | nothing"
    })
    void wrongOption_isAUsageError(String options, String what) {
        ChildProcess.Result result = Interject.typeHere("boot pom.xml " + options);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(what, "see: interject boot --help");
    }
}
