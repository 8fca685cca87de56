package dev.interject.experiment.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.UnbootableImageException;
import dev.interject.guest.image.ImageOptions;
import dev.interject.guest.image.Images;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.pc.CpuModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Images of every format, on the real KVM. */
@RequiresKvm
class BootExperimentTest {

    private static final BootEnd SUCCESS = new BootEnd.Exited(0x10);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();

    private static BootPlan.Software software(String image, Optional<BootMode> mode, String commandLine) {
        return new BootPlan.Software(Images.file(image),
                new ImageOptions(Optional.empty(), mode, OptionalLong.empty(), OptionalLong.empty()), commandLine,
                Optional.empty());
    }

    private static BootPlan.Hardware hardware(Irqchip irqchip) {
        return new BootPlan.Hardware(irqchip, 1, 8 << 20, CpuModel.HOST, BootPlan.Devices.USUAL);
    }

    private BootReport boot(BootPlan.Software software, BootPlan.Hardware hardware) {
        return BootExperiment.run(new BootPlan(software, hardware, Optional.of(PATIENCE), Optional.empty()),
                new BootConsole(console), new Cancellation());
    }

    @ParameterizedTest
    @CsvSource({"flat-real, , 'real mode'", "flat-protected, PROTECTED, 'protected mode'",
        "flat-long, LONG, 'long mode'",
        "elf32, , elf32", "elf64, , elf64", "multiboot-flat, , 'address fields'"})
    void imageWithoutParameters_printsAndEnds(String image, BootMode mode, String shown) {
        BootReport report =
                boot(software(image, Optional.ofNullable(mode), ""), hardware(Irqchip.KERNEL));

        assertThat(report.end()).isEqualTo(SUCCESS);
        assertThat(report.vcpus()).isEmpty();
        assertThat(console).hasToString(shown + "\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"multiboot | | 'multiboot.img a=b c\nmodule\n8\n'",
        "multiboot2 | | 'a=b c\nmodule\nacpi\n'",
        "pvh | | 'a=b c\nmodule\nacpi\n'", "linux | | '64-bit entry: a=b c\n'",
        "linux | PROTECTED | '32-bit entry: a=b c\nmodule\n'", "linux | REAL | 'setup code: a=b c\n'"})
    void imageWithAProtocol_findsCommandLineAndModule(String image, BootMode mode, String shown) throws IOException {
        Path initrd = Files.writeString(directory.resolve("initrd"), "module");
        BootPlan.Software plain = software(image, Optional.ofNullable(mode), "a=b c");

        BootReport report = boot(new BootPlan.Software(plain.image(), plain.options(), plain.commandLine(),
                Optional.of(initrd)), hardware(Irqchip.KERNEL));

        assertThat(report.end()).isEqualTo(SUCCESS);
        assertThat(console).hasToString(shown);
    }

    @ParameterizedTest
    @EnumSource
    void timerOfTheFirmware_ticks(Irqchip irqchip) {
        BootReport report = boot(software("firmware", Optional.empty(), ""), hardware(irqchip));

        assertThat(report.end()).isEqualTo(SUCCESS);
    }

    /** KVM's own table of features never has it, so that it is added for every guest that does not hide it. */
    @ParameterizedTest
    @CsvSource({"host, 1", "'host,-tsc-deadline', 0"})
    void tscDeadline_canBeHidden(String cpu, int shown) {
        BootPlan.Hardware hardware = new BootPlan.Hardware(Irqchip.KERNEL, 1, 8 << 20, CpuModel.of(cpu),
                BootPlan.Devices.USUAL);

        assertThat(boot(software("features", Optional.empty(), ""), hardware).end())
                .isEqualTo(new BootEnd.Exited(shown));
    }

    @Test
    void pcWithoutATimer_doesNotTick() {
        BootPlan.Hardware withoutPit = new BootPlan.Hardware(Irqchip.KERNEL, 1, 8 << 20, CpuModel.HOST,
                new BootPlan.Devices(true, false, false));
        BootPlan.Software firmware = software("firmware", Optional.empty(), "");
        long start = System.nanoTime();
        boot(firmware, hardware(Irqchip.KERNEL));
        Duration enough = Duration.ofNanos(5 * (System.nanoTime() - start)); // on however busy a host
        BootPlan plan = new BootPlan(firmware, withoutPit, Optional.of(enough), Optional.empty());

        assertThat(BootExperiment.run(plan, new BootConsole(console), new Cancellation()).end())
                .isInstanceOf(BootEnd.TimedOut.class);
    }

    @Test
    void largestMemory_isNotTouchedBeforeTheGuestDoes() throws IOException {
        long before = residentKib();
        boot(software("elf64", Optional.empty(), ""),
                new BootPlan.Hardware(Irqchip.KERNEL, 1, 3L << 30, CpuModel.HOST, BootPlan.Devices.USUAL));

        assertThat(residentKib() - before).isLessThan(512 << 10);
    }

    private static long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status"))
                .stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void timerClockAndSerialPort_interruptTheGuest(Irqchip irqchip) throws IOException {
        BootPlan plan = new BootPlan(software("interrupts", Optional.empty(), ""), hardware(irqchip),
                Optional.of(PATIENCE), Optional.empty());
        PipedOutputStream keys = new PipedOutputStream();
        PipedInputStream typed = new PipedInputStream(keys);
        ByteArrayOutputStream console = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] chunk, int offset, int length) {
                super.write(chunk, offset, length);
                if (toString().equals("ticks\n")) {
                    type(keys, "abcq");
                }
            }
        };

        BootReport report = BootExperiment.run(plan, new BootConsole(console, Optional.of(typed), false),
                new Cancellation());

        assertThat(report.end()).isEqualTo(SUCCESS);
        assertThat(console).hasToString("ticks\nabcq");
    }

    private static void type(PipedOutputStream keys, String text) {
        try {
            keys.write(text.getBytes(StandardCharsets.US_ASCII));
            keys.flush();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @ParameterizedTest
    @CsvSource({"k, the keyboard controller, keyboard+0x4", "p, port 0xcf9, still_running",
        "f, port 0x92, _start+0x1f"})
    void reset_stopsTheGuestAtTheNextInstruction(String word, String cause, String place) {
        BootReport report = boot(software("reset", Optional.empty(), word), hardware(Irqchip.KERNEL));

        assertThat(report.end()).isEqualTo(new BootEnd.Reset(cause));
        assertThat(report.vcpus()).singleElement().returns(place, PostMortem::place);
        assertThat(console.size()).isZero();
    }

    @Test
    void tripleFault_isACrashWithThePlaceOfTheInstruction() {
        BootReport report = boot(software("reset", Optional.empty(), "t"), hardware(Irqchip.KERNEL));

        assertThat(report.end()).isInstanceOf(BootEnd.Crashed.class);
        assertThat(report.end().describe()).contains("triple fault");
        assertThat(report.vcpus()).hasSize(1);
    }

    @Test
    void textOnTheConsole_endsTheGuest() {
        BootPlan plan = new BootPlan(software("flood", Optional.empty(), ""), hardware(Irqchip.KERNEL),
                Optional.of(PATIENCE), Optional.of("xxx"));

        BootReport report = BootExperiment.run(plan, new BootConsole(console), new Cancellation());

        assertThat(report.end()).isEqualTo(new BootEnd.Shown("xxx"));
        assertThat(console).hasToString("xxx");
    }

    @Test
    void guestThatNeverEnds_endsWithItsTime() {
        BootPlan plan = new BootPlan(software("spin", Optional.empty(), ""), hardware(Irqchip.KERNEL),
                Optional.of(Duration.ofMillis(50)), Optional.empty());

        BootReport report = BootExperiment.run(plan, new BootConsole(console,
                Optional.of(new ByteArrayInputStream(new byte[0])), false), new Cancellation());

        assertThat(report.end()).isInstanceOf(BootEnd.TimedOut.class);
        assertThat(report.vcpus()).singleElement().satisfies(seen -> assertThat(seen.code()).startsWith(0xeb, 0xfe));
    }

    @Test
    void imageBeyondTheMemory_leavesNoThreadBehind() {
        Set<Thread> before = consoles();
        BootPlan.Software beyond = new BootPlan.Software(Images.file("flat-real"), new ImageOptions(Optional.empty(),
                Optional.of(BootMode.PROTECTED), OptionalLong.of(1 << 30), OptionalLong.empty()), "", Optional.empty());

        assertThatExceptionOfType(UnbootableImageException.class)
                .isThrownBy(() -> boot(beyond, hardware(Irqchip.KERNEL)));

        Hang.orUntil(() -> before.containsAll(consoles()));
    }

    private static Set<Thread> consoles() {
        return Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(thread -> thread.getName().equals("console"))
                .collect(Collectors.toSet());
    }

    @Test
    void severalVcpus_waitUntilTheGuestStartsThem() {
        BootReport report = boot(software("multiboot", Optional.empty(), ""),
                new BootPlan.Hardware(Irqchip.KERNEL, 4, 8 << 20, CpuModel.of("x86-64"),
                        new BootPlan.Devices(true, true, true)));

        assertThat(report.end()).isEqualTo(SUCCESS);
    }
}
