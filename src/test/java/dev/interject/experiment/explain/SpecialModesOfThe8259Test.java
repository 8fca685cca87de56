package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import dev.interject.RequiresKvm;
import dev.interject.device.PicState;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.Trial;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import dev.interject.machine.FrozenVcpu;
import org.junit.jupiter.api.Test;

/** The modes in which KVM's 8259 departs from the data sheet: what the gate says, and what the guest then takes. */
@RequiresKvm
class SpecialModesOfThe8259Test {

    private record Outcome(Fate fate, List<String> departures, Set<Integer> taken) {}

    private static Outcome pulse(Irqchip irqchip, int line, Consumer<FrozenVcpu> change) {
        Route path = irqchip == Irqchip.KERNEL ? Route.LINE : Route.VECTOR;
        RunPlan plan = RunPlan.on(MachineChoice.of(irqchip, BuiltinGuest.PIC))
                .with(InterruptChoice.by(path).withLine(line))
                .with(Pace.oneByOne(1));
        try (Trial trial = new Trial(plan)) {
            Fate fate = trial.predictAndInject(change).fate();
            List<String> departures =
                    trial.path().gates().stream().map(Gate::departure).filter(text -> !text.isEmpty()).toList();
            return new Outcome(fate, departures,
                    trial.awaitTaken(fate == Fate.TAKEN ? List.of(trial.path().vector()) : List.of()));
        }
    }

    private static Consumer<FrozenVcpu> master(UnaryOperator<PicState> change) {
        return vcpu -> vcpu.master(change);
    }

    @Test
    void specialMaskMode_isIgnoredByKvm() {
        Outcome outcome = pulse(Irqchip.KERNEL, 5,
                master(pic -> pic.withSpecialMask(true).withIsr(1 << 3).withImr(pic.imr() & ~(1 << 5) | 1 << 3)));

        assertThat(outcome.fate()).isEqualTo(Fate.WAITS);
        assertThat(outcome.departures()).singleElement().asString().contains("\"Special Mask Mode\"");
        assertThat(outcome.taken()).isEmpty();
    }

    @Test
    void specialMaskMode_isKeptByInterject() {
        Outcome outcome = pulse(Irqchip.USERSPACE, 5,
                master(pic -> pic.withSpecialMask(true).withIsr(1 << 3).withImr(pic.imr() & ~(1 << 5) | 1 << 3)));

        assertThat(outcome.fate()).isEqualTo(Fate.TAKEN);
        assertThat(outcome.departures()).isEmpty();
        assertThat(outcome.taken()).containsExactly(0x25);
    }

    @Test
    void specialFullyNestedMode_letsLowerInputsThroughInKvm() {
        Outcome outcome =
                pulse(Irqchip.KERNEL, 5, master(pic -> pic.withSpecialFullyNested(true).withIsr(1 << 2)));

        assertThat(outcome.fate()).isEqualTo(Fate.TAKEN);
        assertThat(outcome.departures()).singleElement().asString().contains("\"The Special Fully Nested Mode\"");
        assertThat(outcome.taken()).containsExactly(0x25);
    }

    @Test
    void specialFullyNestedMode_holdsLowerInputsInInterject() {
        Outcome outcome =
                pulse(Irqchip.USERSPACE, 5, master(pic -> pic.withSpecialFullyNested(true).withIsr(1 << 2)));

        assertThat(outcome.fate()).isEqualTo(Fate.WAITS);
        assertThat(outcome.departures()).isEmpty();
        assertThat(outcome.taken()).isEmpty();
    }

    @Test
    void automaticEoiOfASlave_worksInKvm() {
        Outcome outcome = pulse(Irqchip.KERNEL, 10, vcpu -> vcpu.slave(pic -> pic.withAutoEoi(true)));

        assertThat(outcome.fate()).isEqualTo(Fate.TAKEN);
        assertThat(outcome.departures()).singleElement().asString().contains("(AEOI) Mode");
        assertThat(outcome.taken()).containsExactly(0x2a);
    }

    @Test
    void usualModes_areNoDeparture() {
        assertThat(pulse(Irqchip.KERNEL, 10, vcpu -> {}).departures()).isEmpty();
        assertThat(pulse(Irqchip.SPLIT, 5, vcpu -> {}).departures()).isEmpty();
    }
}
