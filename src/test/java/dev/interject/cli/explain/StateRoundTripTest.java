package dev.interject.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.state.StateJson;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.explain.ExplainExperiment;
import dev.interject.experiment.explain.ExplainPlan;
import dev.interject.experiment.explain.ExplainReport;
import dev.interject.experiment.explain.Explanation;
import dev.interject.experiment.explain.Fault;
import dev.interject.experiment.explain.StateExplainExperiment;
import dev.interject.experiment.explain.StatePlan;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.state.StateFile;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.route.RouteCase;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Piece;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code --dump} writes as JSON is a state that {@code --state} reads, with the same gates and prediction. */
@RequiresKvm
class StateRoundTripTest {

    private static ExplainReport explain(ExplainPlan plan) {
        return ExplainExperiment.explain(plan.withTimeout(Optional.of(Hang.AFTER)), new Cancellation());
    }

    private static StateFile readBack(Explanation explanation) {
        return read(json(out -> StateJson.write(explanation.state(), explanation.expectsNmis(), out)));
    }

    private static String json(JsonOutput.Value fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            JsonOutput.writeObject(out, fields);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static StateFile read(String json) {
        return StateFile.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), "dump", Path.of(""));
    }

    private static void assertSame(ExplainReport explained, InterruptChoice interrupt, OptionalInt to) {
        Explanation original = explained.explanation().orElseThrow();
        StateFile file = readBack(original);

        ExplainReport fromFile = StateExplainExperiment
                .explain(new StatePlan(file, "dump", interrupt, to));

        assertThat(fromFile.explanation().orElseThrow().gates()).isEqualTo(original.gates());
        assertThat(fromFile.ending()).isEqualTo(explained.ending());
        assertThat(file.warnings()).isEmpty();
        assertThat(StateSchema.errors(json(out -> StateJson.write(original.state(), original.expectsNmis(), out))))
                .isEmpty();
        assertThat(json(out -> StateJson.write(file.state(), original.expectsNmis(), out)))
                .isEqualTo(json(out -> StateJson.write(original.state(), original.expectsNmis(), out)));
    }

    /** The interrupt of a plan, with what it leaves to the guest. */
    private static InterruptChoice interrupt(RunPlan run, ExplainReport explained) {
        InterruptChoice chosen = run.interrupt();
        OptionalInt line = explained.explanation().orElseThrow().line();
        InterruptChoice onPath = new InterruptChoice(Optional.of(run.effectivePath()), chosen.lines(),
                chosen.vector(), chosen.message(), chosen.trigger());
        return line.isPresent() ? onPath.withLine(line.getAsInt()) : onPath;
    }

    @ParameterizedTest
    @EnumSource
    void fault_isExplainedFromItsDumpAlike(Fault fault) {
        ExplainPlan plan = ExplainPlan.of(fault);
        ExplainReport explained = explain(plan);

        assertSame(explained, interrupt(plan.run(), explained), plan.run().machine().to());
    }

    static Stream<RunPlan> plans() {
        Stream<RunPlan> cases = RouteCase.all()
                .stream()
                .map(one -> RunPlan.on(MachineChoice.of(one.irqchip(), one.guest())
                        .withVcpus(one.vcpus(),
                                one.vcpus() - 1))
                        .with(new InterruptChoice(Optional.of(one.route()), List.of(), one.vector(),
                                InterruptChoice.usual().message(), one.trigger())));
        Stream<RunPlan> guests = Stream.of(Irqchip.values())
                .flatMap(irqchip -> Stream.of(BuiltinGuest.values())
                        .flatMap(guest -> Route.of(guest)
                                .stream()
                                .filter(route -> route.refusalOn(irqchip).isEmpty())
                                .map(route -> RunPlan.on(MachineChoice.of(irqchip, guest))
                                        .with(InterruptChoice.by(route)))));
        return Stream.concat(cases, guests).map(plan -> plan.with(Pace.oneByOne(1)));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void interruptOfAGuest_isExplainedFromItsDumpAlike(RunPlan run) {
        ExplainReport explained =
                explain(new ExplainPlan(run, 0, Optional.empty(), OptionalInt.empty(), Optional.empty()));

        assertSame(explained, interrupt(run, explained), run.machine().to());
    }

    static Stream<GuestState> states() {
        return StateDumpTest.states();
    }

    /** Also values that no guest has. */
    @ParameterizedTest
    @MethodSource("states")
    void everyValue_isReadBack(GuestState state) {
        List<ChangedRecords.Changed<GuestState>> all = ChangedRecords.of(state)
                .stream()
                .filter(changed -> !changed.place().equals("irqchip") && !changed.place().equals("vcpu"))
                .filter(changed -> !isOfAnotherForm(changed))
                .toList();

        assertThat(all).hasSizeGreaterThan(150).allSatisfy(changed -> {
            String written = json(out -> StateJson.write(changed.copy(), true, out));
            assertThat(json(out -> StateJson.write(read(written).state(), true, out))).as(changed.place())
                    .isEqualTo(written);
        });
    }

    /** A machine that cannot be, or one number twice. */
    private static boolean isOfAnotherForm(ChangedRecords.Changed<GuestState> changed) {
        Set<String> places = Set.of("controllers.lapic", "controllers.ioapic");
        return places.contains(changed.place()) || changed.place().matches("peers\\[\\d+]\\.(number|lapic)")
                || changed.place().matches("controllers\\.routes.*\\.chip")
                || changed.place().startsWith("unknown[") && !isOf(changed.place(), false)
                || changed.place().contains(".unknown[") && !isOf(changed.place(), true);
    }

    private static boolean isOf(String place, boolean vcpu) {
        return EnumSet.allOf(Piece.class)
                .stream()
                .anyMatch(piece -> place.endsWith("[" + piece + "]") && piece.isOfVcpu() == vcpu);
    }
}
