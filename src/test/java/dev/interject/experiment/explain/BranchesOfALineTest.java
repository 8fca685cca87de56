package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import dev.interject.RequiresKvm;
import dev.interject.device.PicState;
import dev.interject.device.Redirection;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.Trial;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.FrozenVcpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A line that is routed to several controllers reaches each of them: predicted, and then done to a guest. */
@RequiresKvm
class BranchesOfALineTest {

    private static final int MASTER = 0;
    private static final int SLAVE = 1;
    private static final int IOAPIC = 2;

    /** What was predicted, and the vectors whose handlers then ran. */
    private record Outcome(Prediction prediction, Set<Integer> taken, boolean broke) {}

    private static Outcome pulse(BuiltinGuest guest, int line, Consumer<FrozenVcpu> change) {
        try (Trial trial = new Trial(plan(guest, line))) {
            Prediction prediction = trial.predictAndInject(change);
            return new Outcome(prediction, trial.awaitTaken(prediction.vectors()), !trial.guestRuns());
        }
    }

    private static RunPlan plan(BuiltinGuest guest, int line) {
        return RunPlan.on(MachineChoice.of(Irqchip.KERNEL, guest))
                .with(InterruptChoice.by(Route.LINE).withLine(line))
                .with(Pace.oneByOne(1));
    }

    private static PicState pic(int base, int imr) {
        return new PicState(0, 0, imr, 0, 0, base, false, false, false, 0, false, false, false, true, 0, 0);
    }

    private static Consumer<FrozenVcpu> pics(int masterBase, int slaveBase, int imr) {
        return pics(pic(masterBase, imr), pic(slaveBase, imr));
    }

    private static Consumer<FrozenVcpu> pics(PicState master, PicState slave) {
        return vcpu -> {
            vcpu.master(_ -> master);
            vcpu.slave(_ -> slave);
        };
    }

    private static Consumer<FrozenVcpu> pin(int pin, long bits) {
        return vcpu -> vcpu.redirection(pin, old -> new Redirection(bits));
    }

    private static Consumer<FrozenVcpu> routes(GsiRoute... table) {
        return vcpu -> vcpu.routes(List.of(table));
    }

    @Test
    void pulseThatBothControllersDeliver_isTakenTwice() {
        Outcome outcome = pulse(BuiltinGuest.APIC, 10, pics(0x20, 0x28, 0));

        assertThat(outcome.prediction().fate()).isEqualTo(Fate.TAKEN);
        assertThat(outcome.prediction().vectors()).containsExactly(0x2a, 0x3a);
        assertThat(outcome.taken()).containsExactlyInAnyOrder(0x2a, 0x3a);
    }

    @Test
    void pulseThatAnUnprogrammed8259Delivers_breaksAGuestThatUsesTheIoapic() {
        Outcome outcome = pulse(BuiltinGuest.APIC, 5, pics(0, 0, 0));

        assertThat(outcome.prediction().fate()).isEqualTo(Fate.BREAKS);
        assertThat(outcome.broke()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"4", "12"})
    void pulseThatBothControllersMask_doesNothing(int line) {
        Outcome outcome = pulse(BuiltinGuest.APIC, line, pics(0, 0, 0xff).andThen(pin(line, 1 << 16)));

        assertThat(outcome.prediction().fate()).isEqualTo(Fate.WAITS);
        assertThat(outcome.taken()).isEmpty();
        assertThat(outcome.broke()).isFalse();
    }

    @Test
    void gsiThatIsRoutedToAnotherPin_isTakenAtThatPinsVector() {
        Outcome outcome = pulse(BuiltinGuest.APIC, 10,
                routes(new GsiRoute.ToPin(10, IOAPIC, 2)).andThen(pin(2, 0x61)));

        assertThat(outcome.prediction().vectors()).containsExactly(0x61);
        assertThat(outcome.taken()).containsExactly(0x61);
    }

    @Test
    void gsiThatIsRoutedToBoth8259sAndTheIoapic_isTakenThreeTimes() {
        Outcome outcome = pulse(BuiltinGuest.APIC, 10,
                routes(new GsiRoute.ToPin(10, MASTER, 5), new GsiRoute.ToPin(10, SLAVE, 1),
                        new GsiRoute.ToPin(10, IOAPIC, 20)).andThen(pin(20, 0x61))
                        .andThen(pics(pic(0x20, 0).withAutoEoi(true), pic(0x28, 0).withAutoEoi(true))));

        assertThat(outcome.prediction().vectors()).containsExactlyInAnyOrder(0x25, 0x29, 0x61);
        assertThat(outcome.taken()).containsExactlyInAnyOrder(0x25, 0x29, 0x61);
    }

    @Test
    void gsiThatIsRoutedToAMessage_sendsIt() {
        Outcome outcome = pulse(BuiltinGuest.APIC, 10, routes(new GsiRoute.ToMessage(10, MsiMessage.fixed(0, 0x71))));

        assertThat(outcome.prediction().vectors()).containsExactly(0x71);
        assertThat(outcome.taken()).containsExactly(0x71);
    }

    @Test
    void recordedHighLineOfThe8259s_doesNotDescribeTheIoapicsPin() {
        Outcome outcome = pulse(BuiltinGuest.APIC, 10,
                vcpu -> vcpu.slave(chip -> chip.withLinesHigh(1 << 2)));

        assertThat(outcome.prediction().fate()).isEqualTo(Fate.TAKEN);
        assertThat(outcome.taken()).containsExactly(0x3a);
    }

    @ParameterizedTest
    @CsvSource({"0xff, 0", "0, 4", "0, 1"})
    void pulseAtALevelInputThatTheSlaveHolds_leavesNoInterruptNotEvenASpuriousOne(String imr, int isr) {
        try (Trial trial = new Trial(plan(BuiltinGuest.PIC, 10))) {
            Prediction prediction = trial.predictAndInject(vcpu -> vcpu.slave(
                    chip -> chip.withElcr(1 << 2).withImr(Integer.decode(imr)).withIsr(isr)));

            assertThat(prediction.fate()).isEqualTo(Fate.DROPPED);
            assertThat(trial.happened(0, 0)).isEqualTo(Trial.Happened.NOTHING);
        }
    }

    /** The guest's handler of 0x2c serves 0x0c, as a BIOS's would. */
    @Test
    void lineOfABiosInRealMode_isTakenAtVector0x0c() {
        int stub = 4;
        try (Trial trial = new Trial(plan(BuiltinGuest.REAL, 4))) {
            long stubs = trial.machine().addressOf("stubs").orElseThrow();
            long handler = stubs + 0x2c * 8;
            Prediction prediction = trial.predictAndInject(vcpu -> {
                vcpu.write(0x0c * stub, (byte) handler, (byte) (handler >> 8), (byte) 0, (byte) 0);
                vcpu.master(old -> pic(0x08, 0));
            });

            assertThat(prediction.fate()).isEqualTo(Fate.TAKEN);
            assertThat(prediction.vectors()).containsExactly(0x0c);
            assertThat(trial.awaitTaken(List.of(0x2c))).containsExactly(0x2c);
        }
    }
}
