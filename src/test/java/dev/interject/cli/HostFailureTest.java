package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that the host refuses, one after the other: {@code strace} makes a chosen one fail. */
@RequiresKvm
class HostFailureTest {

    /** strace follows only what concerns these, so that "the third ioctl" is the third of KVM's on its thread. */
    private static final List<String> KVM_FILES = List.of("/dev/kvm", "anon_inode:kvm-vm", "anon_inode:kvm-vcpu:0");

    /** What all paths' own ioctls go to; the vCPU threads, which read much of their vCPUs, then do not count along. */
    private static final List<String> VM_FILE = List.of("anon_inode:kvm-vm");

    /** Calls that return a descriptor, calls on one, and calls that close one. */
    private static final Pattern OPENED =
            Pattern.compile("(?:openat\\(.*\"/dev/kvm\"|KVM_CREATE_VM,|KVM_CREATE_VCPU,).*= (\\d+)$");
    private static final Pattern ASKED = Pattern.compile("ioctl\\((\\d+), KVM_");
    private static final Pattern CLOSED = Pattern.compile("close\\((\\d+)");

    @TempDir
    private Path directory;

    @BeforeAll
    static void straceMustWork() {
        Strace.requireWorking();
    }

    private ChildProcess.Result runWith(List<String> files, String injection, String... arguments) {
        return Strace.run(log(), files, injection, arguments);
    }

    private Path log() {
        return directory.resolve("strace.log");
    }

    private List<Integer> descriptors(Pattern pattern) throws IOException {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.map(pattern::matcher)
                    .filter(Matcher::find)
                    .map(found -> Integer.valueOf(found.group(1)))
                    .toList();
        }
    }

    private void assertThatAllIsClosedInTheReverseOrder() throws IOException {
        List<Integer> opened = new ArrayList<>(descriptors(OPENED));
        assertThat(opened).isNotEmpty();
        Collections.reverse(opened);
        assertThat(descriptors(CLOSED)).containsSubsequence(opened);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26})
    void failedIoctl_isNamedWithItsErrnoAndAllIsClosed(int which) throws IOException {
        ChildProcess.Result result = runWith(KVM_FILES, "ioctl:error=ENOMEM:when=" + which, "run");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines()).hasSize(2);
        assertThat(result.errLines().getFirst())
                .matches("interject: KVM_[A-Z0-9_]+: ENOMEM \\(Cannot allocate memory\\)");
        assertThat(result.errLines().getLast()).startsWith("  fix: ");
        assertThatAllIsClosedInTheReverseOrder();
    }

    /** Finds it by a run in which no call fails, since the position of a call among those of its thread may change. */
    @ParameterizedTest
    @CsvSource({"KVM_ENABLE_CAP, --irqchip split", "KVM_CREATE_PIT2, --guest pit", "KVM_IRQFD, --path irqfd",
        "KVM_SET_GSI_ROUTING, --path msi-route", "KVM_SET_GSI_ROUTING, --path msi-irqfd", "KVM_SIGNAL_MSI, --path msi",
        "KVM_SIGNAL_MSI, --path ipi", "KVM_IRQ_LINE_STATUS, --irqchip userspace --path line --force",
        "KVM_IRQFD, --irqchip userspace --path irqfd --force"})
    void failedIoctlOfAPath_isNamedWithItsErrnoAndItsVmIsClosed(String name, String options) throws IOException {
        String[] run = ("run --count 2 " + options).split(" ");
        runWith(VM_FILE, "ioctl:error=ENOMEM:when=60000", run);
        long which = placeOnItsThread(name);

        ChildProcess.Result result = runWith(VM_FILE, "ioctl:error=ENOMEM:when=" + which, run);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines()).hasSize(2);
        assertThat(result.errLines().getFirst())
                .isEqualTo("interject: " + name + ": ENOMEM (Cannot allocate memory)");
        assertThat(descriptors(CLOSED)).containsAll(descriptors(ASKED)).isNotEmpty();
    }

    /** What the host's KVM does not have is named before a VM is made. */
    @ParameterizedTest
    @CsvSource({"KVM_CAP_SPLIT_IRQCHIP, --irqchip split --guest apic", "KVM_CAP_PIT2, --guest pit",
        "KVM_CAP_TSC_DEADLINE_TIMER, --guest deadline"})
    void missingCapability_isNamed(String name, String options) throws IOException {
        String[] run = ("run --count 2 " + options).split(" ");
        List<String> device = List.of("/dev/kvm");
        runWith(device, "ioctl:retval=0:when=60000", run);
        long which = placeOnItsThread(name);

        ChildProcess.Result result = runWith(device, "ioctl:retval=0:when=" + which, run);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines().getFirst()).startsWith("interject: this KVM lacks " + name + " (");
        assertThat(Files.readString(log())).doesNotContain("KVM_CREATE_VM,");
    }

    /** Which of its thread's ioctls the first one with that name is; strace counts those of each thread. */
    private long placeOnItsThread(String name) throws IOException {
        List<String> ioctls = Files.readAllLines(log()).stream().filter(line -> line.contains("ioctl(")).toList();
        String first = ioctls.stream().filter(line -> line.contains(name)).findFirst().orElseThrow();
        String thread = first.substring(0, first.indexOf(' ') + 1);
        return 1 + ioctls.stream()
                .takeWhile(line -> !line.equals(first))
                .filter(line -> line.startsWith(thread))
                .count();
    }

    /** The first six on the vCPU's descriptor make it ready; those after them run it. */
    @ParameterizedTest
    @CsvSource({"kernel, 7", "kernel, 9", "userspace, 7", "userspace, 12", "userspace, 19", "userspace, 26"})
    void vcpuThatFailsDuringTheRun_endsItWithTheNameOfTheCall(String irqchip, int which) {
        List<String> vcpu = List.of("anon_inode:kvm-vcpu:0");
        ChildProcess.Result result =
                runWith(vcpu, "ioctl:error=EFAULT:when=" + which, "run", "--irqchip", irqchip, "--count", "50");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines()).hasSize(2);
        assertThat(result.errLines().getFirst()).matches("interject: KVM_[A-Z0-9_]+: EFAULT \\(Bad address\\)");
    }

    /** The vCPU's descriptor, on each thread: the call fails in every guest. */
    @ParameterizedTest
    @CsvSource({"sweep --count 3, 7", "sweep --count 3, 12", "sweep --handler --count 8, 40", "explain, 8",
        "explain --after 2, 12", "explain --at sleep, 15", "explain --at-instruction 50, 60"})
    void vcpuThatFailsDuringAStep_givesNoVerdict(String line, int which) {
        List<String> vcpu = List.of("anon_inode:kvm-vcpu:0");

        ChildProcess.Result result = runWith(vcpu, "ioctl:error=EIO:when=" + which, line.split(" "));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.err()).containsPattern("interject: KVM_[A-Z0-9_]+: EIO \\(Input/output error\\)");
        assertThat(result.out()).doesNotContain("as predicted", "would ");
    }

    @Test
    void failedMappingOfAVcpu_isNamedAndAllIsClosed() throws IOException {
        ChildProcess.Result result = runWith(KVM_FILES, "mmap:error=ENOMEM", "run");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines().getFirst()).isEqualTo("interject: mmap: ENOMEM (Cannot allocate memory)");
        assertThatAllIsClosedInTheReverseOrder();
    }

    @Test
    void createVmThatASignalInterrupts_isRetried() throws IOException {
        runWith(List.of("/dev/kvm"), "ioctl:error=EINTR:when=1000", "run"); // none fails: which one is it?
        long which = ioctlsBefore("KVM_CREATE_VM") + 1;

        ChildProcess.Result result =
                runWith(List.of("/dev/kvm"), "ioctl:error=EINTR:when=%d..%d".formatted(which, which + 1), "run");

        assertThat(Files.readString(log())).containsPattern("KVM_CREATE_VM, .* = -1 EINTR");
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    @Test
    void createVmThatIsAlwaysInterrupted_failsWithItsError() throws IOException {
        runWith(List.of("/dev/kvm"), "ioctl:error=EINTR:when=60000", "run"); // none fails: which one is it?
        long which = ioctlsBefore("KVM_CREATE_VM") + 1;

        ChildProcess.Result result = runWith(List.of("/dev/kvm"), "ioctl:error=EINTR:when=%d+".formatted(which), "run");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines().getFirst())
                .isEqualTo("interject: KVM_CREATE_VM: EINTR (Interrupted system call)");
    }

    private long ioctlsBefore(String name) throws IOException {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.takeWhile(line -> !line.contains(name)).filter(line -> line.contains("ioctl(")).count();
        }
    }

    @ParameterizedTest
    @CsvSource({"EACCES, Permission denied", "ENOENT, No such file or directory", "EPERM, Operation not permitted",
        "ENODEV, No such device", "EBUSY, Device or resource busy", "EMFILE, Too many open files"})
    void deviceThatDoesNotOpen_isNamedWithItsErrnoAndAFix(String errno, String meaning) {
        ChildProcess.Result result = runWith(List.of("/dev/kvm"), "openat:error=" + errno, "run");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
        assertThat(result.errLines()).hasSize(2);
        assertThat(result.errLines().getFirst())
                .isEqualTo("interject: open /dev/kvm: %s (%s)".formatted(errno, meaning));
        assertThat(result.errLines().getLast()).startsWith("  fix: ");
    }

    @Test
    void unsupportedHost_isAnOutcomeInJson() {
        ChildProcess.Result result =
                runWith(List.of("/dev/kvm"), "openat:error=EACCES", "run", "--output", "json");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(Json.parseObject(result.out())).containsEntry("outcome", "host-unable");
        assertThat((String) Json.parseObject(result.out()).get("reason")).contains("EACCES");
    }

    @Test
    void unsupportedHost_isAnErrorOfEveryCaseInJunitXml() {
        ChildProcess.Result result =
                runWith(List.of("/dev/kvm"), "openat:error=EACCES", "run", "--output", "junit");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).contains("tests=\"6\"", "failures=\"0\"", "errors=\"6\"", "type=\"host-unable\"");
    }

    /** A command whose exit code reports a failure also reports it in its document. */
    @ParameterizedTest
    @ValueSource(strings = {"run", "compare", "restore", "doctor"})
    void hostWithoutKvm_isNotGreenInJunitXml(String command) {
        ChildProcess.Result result =
                runWith(List.of("/dev/kvm"), "openat:error=ENOENT", command, "--output", "junit");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).containsPattern("<(error|failure) ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "trace", "explain", "sweep", "compare", "restore", "bench", "doctor"})
    void hostWithoutKvm_isOneObjectInJson(String command) {
        ChildProcess.Result result =
                runWith(List.of("/dev/kvm"), "openat:error=ENOENT", command, "--output", "json");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(Json.parseObject(result.out()).toString()).contains("host-unable");
    }

    /** The calls on VMs are counted over all of them, since one thread makes them. */
    @Test
    void comparisonWhoseHostFails_keepsTheFinishedRows() {
        ChildProcess.Result result =
                runWith(VM_FILE, "ioctl:error=ENOMEM:when=60", "compare", "--count", "2", "--output", "json");
        List<Map<String, Object>> rows = Json.objects(Json.parseObject(result.out()), "rows");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(rows).hasSizeGreaterThan(1);
        assertThat(rows.getFirst()).containsEntry("outcome", "taken");
        assertThat(rows.getLast()).containsEntry("outcome", "host-unable");
        assertThat((String) rows.getLast().get("reason")).contains("ENOMEM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"latency", "kick"})
    void benchWhoseVcpuFails_reportsAFailureOfTheHost(String measure) {
        ChildProcess.Result result = runWith(List.of("anon_inode:kvm-vcpu:0"), "ioctl:error=EIO:when=30", "bench",
                "--irqchip", "kernel", "--path", "line", "--measure", measure, "--count", "40", "--rounds", "1");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.err()).contains("host-unable: KVM_").contains("EIO (Input/output error)");
    }

    @Test
    void unsupportedHost_hasATraceWithoutEvents() {
        ChildProcess.Result result =
                runWith(List.of("/dev/kvm"), "openat:error=EACCES", "trace", "--output", "json");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(Json.object(Json.parseObject(result.out()), "run")).containsEntry("outcome", "host-unable");
    }

    @Test
    void guestList_needsNoKvm() {
        ChildProcess.Result result = runWith(List.of("/dev/kvm"), "openat:error=ENOENT", "guests");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("pic", "real");
    }
}
