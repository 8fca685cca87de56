package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.Conduct;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code explain} and {@code run} agree on a guest in which something was set: {@code run} decides after that. */
@RequiresKvm
class SettingsAgreeWithRunTest {

    /** For a run that is predicted to be waited for in vain. */
    private static final Duration IN_VAIN = Duration.ofMillis(500);
    private static final Set<Fate> HELD = EnumSet.of(Fate.WAITS, Fate.MERGES, Fate.DROPPED);

    static Stream<RunPlan> plans() {
        List<Situation> ofPic = Stream.of("pic.slave.imr=0xff", "pic.master.imr=0xff", "pic.master.isr=2",
                "pic.slave.base=0", "pic.slave.base=0x50", "pic.slave.elcr=4", "pic.slave.lines-high=4",
                "pic.master.aeoi=1", "pic.master.rotate=3", "cpu.if=0", "idt[0x2a].present=0", "idt[0x2a].ist=1",
                "idt.limit=0x29f", "cpu.rsp=0x40000000", "page[0xb000]=absent", "page[0x8000]=readonly",
                "gdt.limit=0xf", "cpu.rsp=0xb100").map(Situation::of).toList();
        List<Situation> ofLapic = Stream.of("lapic.tpr=0x50", "lapic.tpr=0x4f", "lapic.svr=0xff", "lapic.lvt0=0x10700",
                "lapic.base=0xfee00100", "cpu.if=0", "idt[0x50].present=0", "cpu.rsp=0x40000000")
                .map(Situation::of)
                .toList();
        List<Situation> ofIoapic = Stream.of("ioapic[20].mask=1", "ioapic[20].vector=0x0f", "ioapic[20].vector=0x60",
                "ioapic[20].destination=7", "ioapic[20].mode=lowest", "lapic.tpr=0xff").map(Situation::of).toList();
        RunPlan split = plan(Irqchip.SPLIT, BuiltinGuest.APIC, InterruptChoice.by(Route.LINE).withLine(20));
        RunPlan kernel = plan(Irqchip.KERNEL, BuiltinGuest.APIC, InterruptChoice.by(Route.LINE).withLine(20));
        return Stream.of(
                with(plan(Irqchip.KERNEL, BuiltinGuest.PIC, InterruptChoice.by(Route.LINE).withLine(10)), ofPic),
                with(plan(Irqchip.USERSPACE, BuiltinGuest.PIC, InterruptChoice.by(Route.VECTOR).withLine(10)), ofPic),
                with(plan(Irqchip.KERNEL, BuiltinGuest.APIC, InterruptChoice.by(Route.MSI)), ofLapic),
                with(plan(Irqchip.SPLIT, BuiltinGuest.APIC, InterruptChoice.by(Route.MSI)), ofLapic),
                with(kernel, ofIoapic),
                with(split, ofIoapic),
                with(kernel, List.of(Situation.of("route[20]=none"), Situation.of("route[20]=pic:3"),
                        Situation.of("route[20]=msi:0xfee00000:0x50"), Situation.of("route[20]=ioapic:21"))),
                with(plan(Irqchip.KERNEL, BuiltinGuest.NMI, InterruptChoice.by(Route.NMI)),
                        List.of(Situation.of("cpu.nmi-masked=1"), Situation.of("idt[2].present=0"))))
                .flatMap(plans -> plans);
    }

    private static RunPlan plan(Irqchip irqchip, BuiltinGuest guest, InterruptChoice choice) {
        return RunPlan.on(MachineChoice.of(irqchip, guest)).with(choice).with(Pace.oneByOne(1));
    }

    private static Stream<RunPlan> with(RunPlan plan, List<Situation> situations) {
        return situations.stream().map(plan::with);
    }

    @ParameterizedTest
    @MethodSource("plans")
    void run_doesWhatExplainPredicts(RunPlan plan) {
        ExplainReport explained = ExplainExperiment.explain(
                new ExplainPlan(plan, 0, Optional.empty(), OptionalInt.empty(), Optional.empty())
                        .withTimeout(Optional.of(Hang.AFTER)),
                new Cancellation());
        Fate fate = explained.explanation().orElseThrow().prediction().fate();
        RunReport report = RunExperiment.run(!HELD.contains(fate) ? plan
                : new RunPlan(plan.machine(), plan.interrupt(), plan.pace(), Conduct.within(Optional.of(IN_VAIN))));

        assertThat(report.outcome()).as("%s; %s: %s", report.ending().reason(),
                explained.explanation().map(Explanation::prediction), explained.ending().reason())
                .isIn(expected(explained, fate));
        assertThat(report.gates().before().map(path -> path.prediction().fate())).contains(fate);
    }

    private static Set<Outcome> expected(ExplainReport explained, Fate fate) {
        return switch (fate) {
            case TAKEN -> EnumSet.of(explained.outcome());
            case WAITS, MERGES, DROPPED -> EnumSet.of(Outcome.TIMED_OUT, Outcome.NOT_TAKEN, Outcome.REFUSED);
            case MISROUTED, BREAKS -> EnumSet.of(Outcome.REFUSED);
            case UNKNOWN -> throw new AssertionError(explained);
        };
    }
}
