package dev.interject.experiment.suite.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.boot.BootPlan;
import dev.interject.experiment.suite.SuitePlan;
import dev.interject.guest.boot.BootMode;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.pc.CpuFeature;
import dev.interject.machine.pc.CpuModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a suite's file may hold. */
class SuiteFileTest {

    @TempDir
    private Path directory;

    private Suite suite(String content) throws IOException {
        return Suite.of(Files.writeString(directory.resolve("tests.cfg"), content));
    }

    private BootPlan plan(String entries) throws IOException {
        Launch launch = suite("[one]\nfile = one.flat\n" + entries).tests().getFirst().launch();
        assertThat(launch).isInstanceOf(Launch.Boots.class);
        return ((Launch.Boots) launch).plan();
    }

    private String unsupported(String entries) throws IOException {
        Launch launch = suite("[one]\nfile = one.flat\n" + entries).tests().getFirst().launch();
        assertThat(launch).isInstanceOf(Launch.Unsupported.class);
        return ((Launch.Unsupported) launch).reason();
    }

    @Test
    void entriesOfKvmUnitTests_areUnderstood() throws IOException {
        Suite suite = suite("""
                # comment
                [x2apic]
                file = apic.flat
                smp = 2
                qemu_params = -cpu qemu64,+x2apic,-tsc-deadline -m 256
                test_args = 'a "b" c'
                arch = x86_64
                timeout = 30
                groups = apic nodefault
                check = /sys/one=Y /sys/two=0
                accel = kvm
                """);
        SuiteTest test = suite.tests().getFirst();
        Launch.Boots boots = (Launch.Boots) test.launch();
        BootPlan plan = boots.plan();

        assertThat(test.name()).isEqualTo("x2apic");
        assertThat(test.groups()).containsExactlyInAnyOrder("apic", "nodefault");
        assertThat(test.preconditions()).containsExactly(new Precondition(Path.of("/sys/one"), "Y"),
                new Precondition(Path.of("/sys/two"), "0"));
        assertThat(boots.passingExitCode()).isEqualTo(1);
        assertThat(plan.software().image()).isEqualTo(directory.resolve("apic.flat"));
        assertThat(plan.software().commandLine()).isEqualTo("a \"b\" c");
        assertThat(plan.hardware().vcpus()).isEqualTo(2);
        assertThat(plan.hardware().memoryBytes()).isEqualTo(256L << 20);
        assertThat(plan.hardware().cpu()).isEqualTo(new CpuModel(true,
                Set.of(CpuFeature.SSE3, CpuFeature.CX16, CpuFeature.X2APIC), Set.of(CpuFeature.TSC_DEADLINE), true,
                Optional.empty()));
        assertThat(plan.hardware().devices()).isEqualTo(new BootPlan.Devices(true, true, true));
        assertThat(plan.timeout()).contains(Duration.ofSeconds(30));
    }

    @Test
    void ownEntries_areThoseOfBoot() throws IOException {
        BootPlan plan = plan("""
                append = console=ttyS0
                initrd = initrd
                memory = 8M
                irqchip = split
                cpu = x86-64,+cx16
                mode = real
                load = 0x8000
                acpi = no
                device = none
                timeout = 500ms
                until = login:
                """);

        assertThat(plan.software().commandLine()).isEqualTo("console=ttyS0");
        assertThat(plan.software().initrd()).contains(directory.resolve("initrd"));
        assertThat(plan.software().options().mode()).contains(BootMode.REAL);
        assertThat(plan.software().options().load()).isEqualTo(OptionalLong.of(0x8000));
        assertThat(plan.hardware()).isEqualTo(new BootPlan.Hardware(Irqchip.SPLIT, 1, 8 << 20,
                CpuModel.of("x86-64,+cx16"), new BootPlan.Devices(false, false, true)));
        assertThat(plan.timeout()).contains(Duration.ofMillis(500));
        assertThat(plan.until()).contains("login:");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "timeout = 0 | PT0S", "timeout = 2m | PT2M", "timeout = 10s | PT10S", "smp = 1 | PT1M30S"})
    void timeout_isInSecondsUnlessItHasAUnit(String entry, Duration expected) throws IOException {
        assertThat(plan(entry).timeout().orElse(Duration.ZERO)).isEqualTo(expected);
    }

    @Test
    void valueOfSeveralLines_isJoined() throws IOException {
        assertThat(plan("qemu_params = \"\"\"-m 64 \\\n-append 'two\nlines' -machine pit=off\"\"\"").software()
                .commandLine()).isEqualTo("two\nlines");
    }

    @Test
    void keyThatIsRepeated_hasItsLastValue() throws IOException {
        assertThat(suite("[one]\nfile = a\ncheck = /one=Y\ncheck = /two=N\n").tests().getFirst().preconditions())
                .containsExactly(new Precondition(Path.of("/two"), "N"));
        assertThat(plan("smp = 2\nsmp = 3\n").hardware().vcpus()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"kernel_irqchip=split, SPLIT", "kernel-irqchip=split, SPLIT", "'pc,kernel_irqchip=on', KERNEL"})
    void irqchipOfQemu_isUnderstood(String properties, Irqchip irqchip) throws IOException {
        assertThat(plan("qemu_params = -machine " + properties).hardware().irqchip()).isEqualTo(irqchip);
    }

    @Test
    void timeInBackticks_isTheHosts() throws IOException {
        assertThat(plan("test_args = \"10 `date +%s`\"").software().commandLine()).matches("10 [0-9]{10,}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
        "arch = i386 | is for arch i386, not x86_64",
        "accel = tcg | is for accel tcg, not kvm",
        "machine = q35 | is for machine q35, not pc",
        "smp = $MAX_SMP | needs vCPUs by QEMU's option -smp $MAX_SMP",
        "qemu_params = -machine q35 | needs QEMU's machine q35",
        "qemu_params = -device edu | needs QEMU's device edu",
        "qemu_params = -device pc-testdevice | needs QEMU's device pc-testdevice",
        "qemu_params = -overcommit cpu-pm=on | needs QEMU's option -overcommit cpu-pm=on",
        "qemu_params = -m 4g | needs QEMU's option -m 4g: memory must be 1M to 3G, in pages of 4K",
        "qemu_params = -m 1k | needs QEMU's option -m 1k: memory must be 1M to 3G, in pages of 4K",
        "qemu_params = -m 1025k | needs QEMU's option -m 1025k: memory must be 1M to 3G, in pages of 4K",
        "qemu_params = -m 1,slots=2 | needs QEMU's option -m 1,slots=2: '1,slots=2' is not a size such as 64M or 2G",
        "smp = 99 | needs another PC: vcpus must be 1 to 32, not 99",
        "qemu_params = -smp 0 | needs another PC: vcpus must be 1 to 32, not 0",
        "qemu_params = -m | QEMU's option -m has no value",
        "qemu_params = -cpu IvyBridge | needs QEMU's CPU IvyBridge; there are host, max, qemu64, kvm64",
        "qemu_params = -cpu host,+warp | needs QEMU's CPU host,+warp: there is no feature 'warp'",
        "qemu_params = -cpu , | QEMU's option -cpu has no model",
        "qemu_params = -cpu '' | QEMU's option -cpu has no model",
        "qemu_params = -cpu max,vendor=me | needs QEMU's CPU max,vendor=me: a CPU's vendor has 12 letters, unlike 'me'",
        "qemu_params = -machine , | needs QEMU's machine ,",
        "qemu_params = -cpu host,hv_passthrough | needs QEMU's CPU host,hv_passthrough: 'hv_passthrough' is unknown",
        "qemu_params = -m `free` | needs a shell for -m `free`",
        "extra_params = -append 'open | has an open quotation mark: -append 'open",
        "test_args = one two | has more than one word in test_args: two",
        "disabled_if = true | needs a shell for disabled_if"})
    void whatInterjectDoesNotHave_isUnsupportedWithTheReason(String entry, String reason) throws IOException {
        assertThat(unsupported(entry)).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
        "^^ | tests.cfg has no test",
        "# nothing | tests.cfg has no test",
        "file = a | line 1: 'file' stands before the first test",
        "[a]\\nfile = b\\n[a]\\nfile = b | line 3: a second test is named 'a'",
        "[a/b]\\nfile = c | line 1: 'a/b' cannot name a test",
        "[..]\\nfile = c | line 1: '..' cannot name a test",
        "[]\\nfile = c | line 1: '' cannot name a test",
        "[a]\\nfile b | line 2: the line is neither [name] nor key = value",
        "[a]\\nflie = b | line 2: there is no key 'flie'",
        "[a]\\nfile = b\\ntimeout = 1\\ntimeout = soon | line 4: timeout: 'soon' is not a time such as",
        "[a]\\nsmp = 2 | line 1: test a has no file",
        "[a]\\nfile = | line 2: test a has no file",
        "[a]\\nfile = b\\ntimeout = soon | line 3: timeout: 'soon' is not a time such as 2s, 250ms or 1m",
        "[a]\\nfile = b\\ntimeout = 999999999m | line 3: timeout: '999999999m' is more than a day",
        "[a]\\nfile = b\\ntimeout = 86401 | line 3: timeout: '86401' is more than a day",
        "[a]\\nfile = b\\ncheck = /s\\0=Y | line 3: check: no file can be named so: ",
        "[a]\\nsmp = 1\\nfile = b\\0 | line 3: file: no file can be named so: ",
        "[a]\\nfile = b\\ninitrd = c\\0 | line 3: initrd: no file can be named so: ",
        "[a]\\nfile = b\\nqemu_params = -initrd c\\0 | line 3: qemu_params: no file can be named so: ",
        "[a]\\nfile = b\\nmemory = lots | line 3: memory: 'lots' is not a size such as 64M or 2G",
        "[a]\\nfile = b\\nirqchip = none | line 3: irqchip: 'none' is none of kernel, split, userspace",
        "[a]\\nfile = b\\nacpi = perhaps | line 3: acpi: 'perhaps' is neither yes nor no",
        "[a]\\nfile = b\\nload = high | line 3: load: 'high' is not an address such as 0x100000",
        "[a]\\nfile = b\\ncheck = /sys | line 3: '/sys' is not FILE=VALUE",
        "[a]\\nfile = b\\ncpu = +warp | line 3: cpu: no CPU feature is named 'warp'",
        "[a]\\nfile = b\\nappend = c\\ntest_args = d | line 3: append and test_args are both there",
        "[a]\\nfile = b\\nmemory = 4G | line 3: memory must be 1M to 3G, in pages of 4K",
        "[smp]\\nsmp = 2\\nfile = b\\nmemory = 1025k | line 4: memory must be 1M to 3G, in pages of 4K",
        "[a]\\nfile = b\\nexit-code = 2 | line 3: exit-code: '2' is no exit code of a guest: those are odd, 1 to 255",
        "[a]\\nfile = b\\nexit-code = 0 | line 3: exit-code: '0' is no exit code of a guest: those are odd, 1 to 255",
        "[a]\\nfile = b\\nexit-code = 999 | line 3: exit-code: '999' is no exit code of a guest: those are odd, 1 to",
        "[a]\\nfile = b\\nqemu_params = \"\"\"-m 1 | line 3: the value does not end"})
    void brokenFile_isRefusedWithItsLine(String content, String message) {
        assertThatExceptionOfType(InvalidSuiteException.class).isThrownBy(() -> suite(content.replace("\\n", "\n")
                .replace("\\0", "\0")))
                .satisfies(refused -> assertThat(refused.fix()).isNotEmpty())
                .withMessageContaining(message);
    }

    @Test
    void directoryOrMissingFile_isRefused() {
        assertThatExceptionOfType(InvalidSuiteException.class).isThrownBy(() -> Suite.of(directory))
                .withMessageContaining("not a file");
        assertThatExceptionOfType(InvalidSuiteException.class).isThrownBy(() -> Suite.of(directory.resolve("none")))
                .withMessageContaining("no such file");
    }

    private SuitePlan choose(Set<String> names, Optional<String> group) throws IOException {
        Suite suite = suite("[a]\nfile = a\ngroups = x\n[b]\nfile = b\ngroups = nodefault\n[c]\nfile = c\narch = i386");
        return new SuitePlan(suite, names, group, Optional.empty(), 1, Optional.empty());
    }

    @Test
    void choice_isByNameAndGroup() throws IOException {
        assertThat(choose(Set.of("c", "a"), Optional.empty()).chosen()).extracting(SuiteTest::name)
                .containsExactly("a", "c");
        assertThat(choose(Set.of(), Optional.of("x")).chosen()).extracting(SuiteTest::name).containsExactly("a");
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> choose(Set.of(), Optional.of("y")))
                .withMessage("group must be one of nodefault, x, not y");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> choose(Set.of("d"), Optional.empty()))
                .withMessageEndingWith("tests.cfg has no test 'd'");
    }

    @Test
    void choice_hasATest() throws IOException {
        assertThat(choose(Set.of("a", "b"), Optional.of("x")).chosen()).extracting(SuiteTest::name)
                .containsExactly("a");
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> choose(Set.of("c", "b"), Optional.of("x")))
                .withMessage("group must have a test that is named: x has none of b, c");
    }

    @Test
    void logs_canHaveAFileForEachTestThatIsChosen() {
        SuiteTest good = new SuiteTest("good", Set.of(), List.of(), new Launch.Unsupported(""));
        SuiteTest bad = new SuiteTest("\0", Set.of(), List.of(), new Launch.Unsupported(""));
        Suite suite = new Suite(directory.resolve("tests.cfg"), List.of(good, bad));

        assertThat(new SuitePlan(suite, Set.of("good"), Optional.empty(), Optional.empty(), 1, Optional.of(directory))
                .chosen()).containsExactly(good);
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new SuitePlan(suite, Set.of(), Optional.empty(), Optional.empty(), 1,
                        Optional.of(directory)))
                .withMessageStartingWith("logs cannot have a file for test '\0': ");
    }

    @Test
    void testOnRequest_runsIfItIsNamedOrItsGroupIs() throws IOException {
        SuitePlan all = choose(Set.of(), Optional.empty());
        SuiteTest onRequest = all.suite().tests().get(1);

        assertThat(all.reasonToSkip(onRequest)).contains("runs on request only: name it, or its group");
        assertThat(choose(Set.of("b"), Optional.empty()).reasonToSkip(onRequest)).isEmpty();
        assertThat(choose(Set.of(), Optional.of("nodefault")).reasonToSkip(onRequest)).isEmpty();
    }
}
