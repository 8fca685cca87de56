package dev.interject.experiment.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.state.InvalidStateException;
import dev.interject.experiment.state.StateFile;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.Segment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What QEMU's texts mean, and what happens where it misbehaves. */
class QemuMonitorTest {

    private static final Map<String, String> LINUX = RecordedQemu.recording("10.0-tcg-linux", 2);
    private static final Map<String, String> SITUATION = RecordedQemu.recording("7.2-tcg-situation", 1);
    private static final Duration SHORT = Duration.ofMillis(200);

    private static StateFile read(Map<String, String> texts) {
        try (RecordedQemu qemu = RecordedQemu.of(texts); QemuMonitor monitor = connect(qemu)) {
            return monitor.readState();
        }
    }

    private static QemuMonitor connect(RecordedQemu qemu) {
        return connect(qemu.socket(), Hang.AFTER);
    }

    private static QemuMonitor connect(String address, Duration time) {
        return QemuMonitor.connect(address, time, new Cancellation());
    }

    @Test
    void linuxUnderQemu10_isReadWithItsTwoVcpus() {
        StateFile file = read(LINUX);
        GuestState state = file.state().seenBy(1);

        assertThat(state.irqchip()).isEqualTo(Irqchip.KERNEL);
        assertThat(state.vcpus()).isEqualTo(2);
        Registers registers = state.cpu().registers();
        assertThat(registers.rip()).isEqualTo(0xffffffffa97c3643L);
        assertThat(registers.rsp()).isEqualTo(0xff3e4dff80013d98L);
        assertThat(registers.rflags()).isEqualTo(0x283);
        assertThat(registers.r11()).isEqualTo(0xffffffffaa8d2328L);
        assertThat(state.cpu().activity()).isEqualTo(MpState.RUNNABLE);
        assertThat(file.state().cpu().activity()).isEqualTo(MpState.HALTED);
        Segment code = state.cpu().special().cs();
        assertThat(code).isEqualTo(new Segment(0, -1, 0x10, 0xb, true, 0, false, true, true, true, false));
        assertThat(state.cpu().special().ds().unusable()).isTrue();
        assertThat(state.cpu().special().cr4()).isEqualTo(0x751ea0);
        assertThat(state.cpu().special().efer()).isEqualTo(0xd01);
        assertThat(state.cpu().special().idt().limit()).isEqualTo(0xfff);
        assertThat(state.controllers().lapic().orElseThrow().requested()).containsExactly(236);
        assertThat(state.controllers().lapic().orElseThrow().taskPriority()).isEqualTo(0x10);
        assertThat(state.controllers().ioapic().orElseThrow().entries().get(9).bits()).isEqualTo(0x0200000000008821L);
        assertThat(state.controllers().master().irqBase()).isEqualTo(0x30);
        assertThat(state.controllers().slave().irr()).isEqualTo(0x11);
        assertThat(state.controllers().slave().elcr()).isEqualTo(0x0c);
    }

    @Test
    void guestUnderQemu7_isReadWithWhatItDoesNotShowLeftOut() {
        GuestState state = read(SITUATION).state();

        assertThat(state.controllers().master().isr()).isEqualTo(1);
        assertThat(state.unknown()).containsExactlyInAnyOrder(Piece.ROUTES, Piece.PIT, Piece.LINES_HIGH,
                Piece.MASTER_LINES, Piece.MASTER_SPECIAL_MASK, Piece.MASTER_AUTO_EOI, Piece.MASTER_OTHER,
                Piece.SLAVE_LINES, Piece.SLAVE_SPECIAL_MASK, Piece.SLAVE_AUTO_EOI, Piece.SLAVE_OTHER,
                Piece.EXPECTS_NMIS);
        assertThat(state.cpu().unknown()).contains(Piece.EVENTS, Piece.DEADLINE)
                .doesNotContain(Piece.SHADOW, Piece.ACTIVITY, Piece.LAPIC_ID, Piece.APIC_BASE, Piece.FLAGS);
    }

    @Test
    void wordsOfQemuThatAreUnderstood_areNotNoted() {
        assertThat(Stream.of(LINUX, SITUATION).flatMap(texts -> read(texts).warnings().stream()))
                .noneMatch(note -> note.contains("shows no") || note.contains("understood"));
    }

    /** Another version may print less, or otherwise: then the state lacks more. */
    @ParameterizedTest
    @CsvSource({"10.0-tcg-linux, 2", "7.2-tcg-situation, 1"})
    void lineThatIsMissing_makesNothingUpAndEndsNothing(String name, int vcpus) {
        Map<String, String> texts = RecordedQemu.recording(name, vcpus);
        StateFile whole = read(texts);
        texts.forEach((command, text) -> {
            List<String> lines = text.lines().toList();
            for (int i = 0; i < lines.size(); i += 1 + lines.size() / 20) {
                int left = lines.get(i).startsWith("CPU#") ? i + 1 : i;
                Map<String, String> fewer = new LinkedHashMap<>(texts);
                fewer.put(command, String.join("\n", IntStream.range(0, lines.size())
                        .filter(line -> line != left)
                        .mapToObj(lines::get)
                        .toList()));
                StateFile less = read(fewer);

                assertThat(less.state().unknown()).as(lines.get(i)).containsAll(whole.state().unknown());
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"10.0-tcg-linux, 2", "7.2-tcg-situation, 1"})
    void textThatIsCutOff_isReadAsFarAsItGoes(String name, int vcpus) {
        Map<String, String> texts = RecordedQemu.recording(name, vcpus);
        texts.forEach((command, text) -> {
            for (int length = 0; length < text.length(); length += 1 + text.length() / 15) {
                Map<String, String> shorter = new LinkedHashMap<>(texts);
                shorter.put(command, text.substring(0, length));
                try {
                    read(shorter);
                } catch (QemuException | InvalidStateException refused) {
                    assertThat(refused).hasMessageNotContaining("\n");
                }
            }
        });
    }

    private static StateFile readWith(Map<String, String> texts, String command, UnaryOperator<String> change) {
        Map<String, String> changed = new LinkedHashMap<>(texts);
        changed.computeIfPresent(command, (_, text) -> change.apply(text));
        return read(changed);
    }

    /** A microvm has two. */
    @Test
    void oneOfTwoIoapics_isNotTakenForTheOther() {
        StateFile file = readWith(SITUATION, "info pic",
                text -> text + text.substring(text.indexOf("ioapic0")).replaceFirst("(?ms)^pic.*", ""));

        assertThat(file.state().unknown()).contains(Piece.IOAPIC).doesNotContain(Piece.MASTER_IMR, Piece.SLAVE_IMR);
        assertThat(file.warnings()).anyMatch(note -> note.contains("2 IOAPICs"));
    }

    /** As an IOMMU's index: the bits that are a destination otherwise mean something else. */
    @Test
    void entryThatIsRemapped_isNotTakenForOneThatIsNot() {
        StateFile file = readWith(LINUX, "info pic", text -> text.replaceFirst("0x0200000000008821",
                "0x0203000000008821"));

        assertThat(file.state().unknown()).contains(Piece.IOAPIC);
        assertThat(file.warnings()).anyMatch(note -> note.contains("an IOMMU remaps"));
    }

    /** With -cpu …,-apic, each of several CPUs has a LAPIC that is on nevertheless. */
    @Test
    void cpuWithoutTheFeatureApic_hasALapicThatMayBeOn() {
        UnaryOperator<String> lacksApic = answer -> answer.replace("\"return\":true", "\"return\":false");
        try (RecordedQemu qemu = RecordedQemu.answering(LINUX, lacksApic); QemuMonitor monitor = connect(qemu)) {
            assertThat(monitor.readState().state().cpu().lacks(Piece.APIC_BASE)).isTrue();
        }
    }

    /** A process of 32 bits under a kernel of 64: QEMU prints 32 bits of TR's base. */
    @Test
    void tssInCompatibilityMode_isUnknown() {
        String registers = LINUX.get("info registers -a")
                .replaceAll("(?m)^(ES|CS|SS|DS|FS|GS|LDT|TR) *=([0-9a-f]{4}) [0-9a-f]{8}([0-9a-f]{8}) ", "$1 =$2 $3 ");
        Map<String, Object> vcpu = new RegistersText(new ArrayList<>()).parse(registers).getFirst();

        assertThat(vcpu).containsEntry("tss", Map.of("bytes", "")).containsEntry("unknown", List.of("tss", "ldt"));
        assertThat(readWith(LINUX, "info registers -a", _ -> registers).state().cpu().unknown())
                .contains(Piece.TSS, Piece.LDT);
    }

    @Test
    void numberThatIsTooLarge_isRefusedInOneLine() {
        LINUX.forEach((command, text) -> {
            for (String number : List.of("\\b\\d+\\b", "(?<=hprio=)\\d")) {
                try {
                    readWith(LINUX, command, _ -> text.replaceAll(number, "99999999999999999999"));
                } catch (QemuException | InvalidStateException refused) {
                    assertThat(refused).hasMessageNotContaining("\n");
                }
            }
        });
    }

    /** QEMU reads ciphertext in its memory. */
    @Test
    void vmThatIsConfidential_isRefused() {
        Map<String, String> texts = new LinkedHashMap<>(LINUX);
        texts.put("confidential-guest-support", "/objects/sev0");

        assertThatThrownBy(() -> read(texts)).isInstanceOf(QemuException.class)
                .hasMessageContaining("the VM is confidential (/objects/sev0)");
    }

    @Test
    void machineThatIsNoPc_isRefused() {
        assertThatThrownBy(() -> read(Map.of("info registers -a", "\nCPU#0\nR00=00000000 R01=00000000\n")))
                .isInstanceOf(QemuException.class)
                .hasMessageContaining("shows no x86 registers");
        assertThatThrownBy(() -> read(Map.of())).isInstanceOf(QemuException.class)
                .hasMessageContaining("shows no x86 registers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"QEMU 7.2.22 monitor - type 'help' for more information\n(qemu) \n", "\n", "{}\n", "[1]\n",
        "{\"QMP\"\n", "HTTP/1.1 400 Bad Request\r\n", "null\n"})
    void socketThatIsNoQmp_isNamed(String greeting) {
        try (RecordedQemu other = RecordedQemu.greetingWith(greeting)) {
            assertThatThrownBy(() -> connect(other)).isInstanceOf(QemuException.class)
                    .hasMessageStartingWith(other.socket() + " does not speak QMP")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void socketThatSaysNothing_isLeftWhenTheTimeIsUp() {
        try (RecordedQemu silent = RecordedQemu.greetingWith("")) {
            assertThatThrownBy(() -> connect(silent.socket(), SHORT)).isInstanceOf(QemuException.class)
                    .hasMessageContaining("gave no answer within 200 ms");
        }
    }

    @Test
    void lineWithoutEnd_isNotCollected() {
        try (RecordedQemu endless = RecordedQemu.greetingWith("x".repeat(20 << 20))) {
            assertThatThrownBy(() -> connect(endless)).isInstanceOf(QemuException.class).hasMessageContaining("bytes");
        }
    }

    @Test
    void qemuThatDiesInTheMiddle_isNamed() {
        UnaryOperator<String> dies = answer -> answer.contains("ioapic0") ? null : answer;
        try (RecordedQemu qemu = RecordedQemu.answering(LINUX, dies); QemuMonitor monitor = connect(qemu)) {
            assertThatThrownBy(monitor::readState).isInstanceOf(QemuException.class)
                    .hasMessageContaining("the connection was closed");
        }
    }

    @Test
    void connectionsThatFail_leaveNothingOpen(@TempDir Path folder) {
        String none = folder.resolve("none").toString();
        IntStream.range(0, 5).forEach(_ -> assertThatThrownBy(() -> connect(none, SHORT)));
        long before = openFiles();
        IntStream.range(0, 50).forEach(_ -> assertThatThrownBy(() -> connect(none, SHORT)));

        assertThat(openFiles()).isLessThan(before + 50);
    }

    private static long openFiles() {
        return Path.of("/proc/self/fd").toFile().list().length;
    }
}
