package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.RequiresQemu;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.boot.BootPlan;
import dev.interject.experiment.image.ImageMachine;
import dev.interject.experiment.image.ImagePlan;
import dev.interject.experiment.image.Moment;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MessageChoice;
import dev.interject.experiment.qemu.Accelerator;
import dev.interject.experiment.qemu.Qemu;
import dev.interject.experiment.qemu.QemuMonitor;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.image.ImageOptions;
import dev.interject.guest.image.Images;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.pc.CpuModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same image in the same situation, under a real QEMU and under Interject: the same gate decides. */
@RequiresQemu
class QemuExplainTest {

    /** The situation's letter in the image, the interrupt, and the gate that decides. */
    private static final String SITUATIONS = """
            a | line 11   | slave 8259, IMR
            b | line 11   | master 8259, cascade, IMR
            c | line 11   | master 8259, cascade, ISR
            e | pin 20    | LAPIC, SVR
            f | pin 20    | LAPIC, TPR
            g | line 11   | vCPU, RFLAGS.IF
            i | line 11   | IDT, vector 0x2b
            j | line 11   | IDT, vector 0x2b
            k | pin 20    | IOAPIC, pin 20
            l | message   | LAPIC, IRR
            m | pin 20    | IOAPIC, pin 20, destination
            n | message   | vCPU, RFLAGS.IF
            q | line 11   | slave 8259, wire
            r | line 11   | GDT, code segment
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = SITUATIONS)
    @RequiresKvm
    void withoutKvm_theSameGateDecides(char situation, String interrupt, String place) {
        assertDecides(explained(situation, Accelerator.TCG, interrupt), place);
        assertDecides(explainedHere(situation, interrupt), place);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = SITUATIONS)
    @RequiresKvm
    void withKvm_theSameGateDecides(char situation, String interrupt, String place) {
        assertDecides(explained(situation, Accelerator.KVM, interrupt, "-cpu", "qemu64,-x2apic"), place);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a | line 11 | slave 8259, IMR
            c | line 11 | master 8259, cascade, ISR
            g | line 11 | vCPU, RFLAGS.IF
            f | pin 20  | LAPIC, TPR
            """)
    @RequiresKvm
    void splitIrqchip_theSameGateDecides(char situation, String interrupt, String place) {
        Prediction prediction = explained(situation, Accelerator.SPLIT, interrupt, "-cpu", "qemu64,-x2apic");

        assertDecides(prediction, place);
    }

    private static void assertDecides(Prediction prediction, String place) {
        assertThat(prediction.because().map(Gate::place)).as(prediction.toString()).contains(place);
        assertThat(prediction.fate()).isNotIn(Fate.TAKEN, Fate.UNKNOWN);
    }

    private static Prediction explained(char situation, Accelerator accelerator, String interrupt, String... options) {
        try (Qemu qemu = Qemu.in(situation, accelerator, options)) {
            return explain(qemu, interrupt).explanation().orElseThrow().prediction();
        }
    }

    private static ExplainReport explain(Qemu qemu, String interrupt) {
        return QemuExplainExperiment.explain(new QemuPlan(qemu.socket("qmp"), true, Hang.AFTER, choice(interrupt),
                OptionalInt.empty()), new Cancellation());
    }

    private static InterruptChoice choice(String interrupt) {
        return switch (interrupt) {
            case "message" -> InterruptChoice.by(Route.MSI).withVector(0x50);
            case "to vCPU 1" -> InterruptChoice.by(Route.MSI)
                    .with(new MessageChoice(OptionalInt.of(0xfee01000), OptionalInt.of(0x50), OptionalLong.empty()));
            default -> InterruptChoice.usual().withLine(Integer.parseInt(interrupt.replaceAll("\\D", "")));
        };
    }

    private static Prediction explainedHere(char situation, String interrupt) {
        ImagePlan plan = new ImagePlan(new ImageMachine(
                new BootPlan.Software(Images.file("situations"), ImageOptions.NONE, String.valueOf(situation),
                        Optional.empty()),
                new BootPlan.Hardware(Irqchip.KERNEL, 1, 16 << 20, CpuModel.HOST, BootPlan.Devices.USUAL),
                OptionalInt.empty(), Situation.NONE), choice(interrupt), Moment.At.symbol(symbol(situation)),
                Optional.of(Hang.AFTER));
        return ImageExplainExperiment.explain(plan, new Cancellation()).explanation().orElseThrow().prediction();
    }

    private static String symbol(char situation) {
        return switch (situation) {
            case 'g' -> "closed";
            case 'l', 'n' -> "spins";
            default -> "asleep";
        };
    }

    /** QEMU does not show IA32_APIC_BASE of a VM with KVM: the 8259s' INT passes a LAPIC that is off. */
    @Test
    void maskedLvt0_decidesWhereItIsKnownThatTheLapicIsOn() {
        assertDecides(explained('d', Accelerator.TCG, "line 11"), "LAPIC, LVT0");
    }

    @Test
    @RequiresKvm
    void maskedLvt0_isUnknownWhereTheLapicMayBeOff() {
        Prediction prediction = explained('d', Accelerator.KVM, "line 11");

        assertThat(prediction.fate()).isEqualTo(Fate.UNKNOWN);
        assertThat(prediction.hingesOn()).extracting(Gate::place).contains("LAPIC, LVT0");
    }

    @Test
    void lapicThatIsOff_decides() {
        assertDecides(explained('t', Accelerator.TCG, "pin 20"), "LAPIC, IA32_APIC_BASE");
    }

    /** QEMU does not show the mode, on which it depends with what a destination is compared. */
    @Test
    @RequiresKvm
    void x2apic_isNotTakenForAnXapic() {
        Prediction prediction = explained('x', Accelerator.KVM, "pin 20");

        assertThat(prediction.fate()).isEqualTo(Fate.UNKNOWN);
        assertThat(prediction.hingesOn()).extracting(Gate::place)
                .contains("IOAPIC, pin 20, destination", "LAPIC, IA32_APIC_BASE");
    }

    /** The guest executes STI again and again; QEMU stops it between two instructions. */
    @Test
    void shadowOfSti_decides() {
        try (Qemu qemu = Qemu.in('h', Accelerator.TCG, "-singlestep")) {
            ExplainReport[] report = new ExplainReport[1];
            Hang.orUntil(() -> {
                report[0] = explain(qemu, "line 11");
                return report[0].explanation().orElseThrow().state().cpu().events().inShadow();
            });
            assertDecides(report[0].explanation().orElseThrow().prediction(), "vCPU, interrupt shadow");
        }
    }

    /** An INIT has put it back to its reset vector. */
    @Test
    @RequiresKvm
    void vcpuThatIsNotStarted_decides() {
        assertDecides(explained('o', Accelerator.KVM, "to vCPU 1", "-smp", "2", "-cpu", "qemu64,-x2apic"),
                "vCPU 1, MP state");
    }

    /** What QEMU does not show is never taken for open. */
    @Test
    void openGuest_hingesOnWhatQemuDoesNotShow() {
        try (Qemu qemu = Qemu.in('p', Accelerator.TCG)) {
            Explanation explanation = explain(qemu, "line 11").explanation().orElseThrow();

            assertThat(explanation.prediction().fate()).isEqualTo(Fate.UNKNOWN);
            assertThat(explanation.prediction().hingesOn()).extracting(Gate::place)
                    .containsExactly("GSI, routing", "slave 8259, wire", "master 8259, cascade, wire",
                            "vCPU, event queue");
            assertThat(explanation.gates().gates()).filteredOn(gate -> !gate.isUnknown()).allMatch(Gate::isOpen);
        }
    }

    @Test
    void manyVcpus_areRead() {
        try (Qemu qemu = Qemu.in('p', Accelerator.TCG, "-smp", "64")) {
            GuestState state = explain(qemu, "line 11").explanation().orElseThrow().state();

            assertThat(state.vcpus()).isEqualTo(64);
            assertThat(state.lapics()).extracting(lapic -> lapic.id())
                    .containsExactlyElementsOf(
                            Stream.iterate(0, id -> id + 1).limit(64).toList());
        }
    }

    @Test
    void vmThatWasFrozen_runsOn() {
        try (Qemu qemu = Qemu.in('p', Accelerator.TCG)) {
            explain(qemu, "line 11");

            try (QemuMonitor monitor = QemuMonitor.connect(qemu.socket("qmp"), Hang.AFTER, new Cancellation())) {
                assertThat(monitor.isRunning()).isTrue();
            }
        }
    }

    /** One that was stopped before is not continued. */
    @Test
    void vmThatWasStopped_staysStopped() {
        try (Qemu qemu = Qemu.in('p', Accelerator.TCG);
                QemuMonitor other = QemuMonitor.connect(qemu.socket("other"), Hang.AFTER, new Cancellation())) {
            other.stop();
            explain(qemu, "line 11");

            assertThat(other.isRunning()).isFalse();
        }
    }

    @Test
    void watch_showsTheFirstVerdictAndEachThatDiffers() {
        try (Qemu qemu = Qemu.in('p', Accelerator.TCG);
                QemuMonitor other = QemuMonitor.connect(qemu.socket("other"), Hang.AFTER, new Cancellation())) {
            Cancellation cancellation = new Cancellation();
            List<ExplainChange> changes = new ArrayList<>();
            ExplainReport last = QemuExplainExperiment.watch(new QemuPlan(qemu.socket("qmp"), false, Hang.AFTER,
                    choice("line 11"), OptionalInt.empty()), Duration.ofMillis(10), cancellation, change -> {
                        changes.add(change);
                        switch (changes.size()) {
                            case 1 -> other.human("o /b 0xa1 0xff");
                            case 2 -> other.human("o /b 0xa1 0xf7");
                            default -> cancellation.request();
                        }
                    });

            assertThat(changes).hasSize(3);
            assertThat(changes.get(1).gates()).containsExactly(
                    "slave 8259, IMR: holds (IMR 0xff), was open (IMR 0xf7)");
            assertThat(changes.get(2).gates().stream().collect(Collectors.joining())).contains("was holds (IMR 0xff)");
            assertThat(last.explanation().orElseThrow().prediction().fate()).isEqualTo(Fate.UNKNOWN);
        }
    }
}
