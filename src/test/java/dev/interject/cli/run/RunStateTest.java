package dev.interject.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.explain.ExplainReport;
import dev.interject.experiment.explain.Fault;
import dev.interject.experiment.explain.StateExplainExperiment;
import dev.interject.experiment.explain.StatePlan;
import dev.interject.experiment.plan.Conduct;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.setting.Situation;
import dev.interject.experiment.state.StateFile;
import dev.interject.guest.image.Images;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.route.RouteCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The state in the JSON of a run that left something over: it is explained as the run was. */
@RequiresKvm
class RunStateTest {

    /** Nothing is taken any more; a busy host needs some time to start. */
    private static final Duration IN_VAIN = Duration.ofSeconds(1);

    @TempDir
    private Path directory;

    private static RunReport run(RunPlan plan) {
        return RunExperiment.run(new RunPlan(plan.machine(), plan.interrupt(), plan.pace(),
                Conduct.within(Optional.of(IN_VAIN))));
    }

    @ParameterizedTest
    @EnumSource
    void faultThatIsRun_isExplainedFromItsReport(Fault fault) throws IOException {
        assertExplainedAlike(run(fault.scenario().run()));
    }

    /** Each path, with what holds most of them. */
    static Stream<RunPlan> closed() {
        return RouteCase.all()
                .stream()
                .flatMap(one -> Stream.of(
                        one.irqchip().hasLapicInKernel() ? "lapic.tpr=0xff" : "pic.master.imr=0xff",
                        "cpu.if=0")
                        .map(setting -> RunPlan.on(MachineChoice.of(one.irqchip(), one.guest())
                                .withVcpus(one.vcpus(), one.vcpus() - 1))
                                .with(new InterruptChoice(Optional.of(one.route()), List.of(), one.vector(),
                                        InterruptChoice.usual().message(), one.trigger()))
                                .with(Pace.oneByOne(2))
                                .with(Situation.of(setting))));
    }

    @ParameterizedTest
    @MethodSource("closed")
    void pathThatIsHeld_isExplainedFromItsReport(RunPlan plan) throws IOException {
        assertExplainedAlike(run(plan));
    }

    private static void assertExplainedAlike(RunReport report) throws IOException {
        Map<String, Object> json = Json.parseObject(json(report));
        boolean hasMachine = report.outcome() != Outcome.REFUSED || report.gates().before().isPresent();
        assertThat(json.get("state") != null).as(report.ending().toString())
                .isEqualTo(report.outcome() != Outcome.TAKEN && hasMachine);
        Optional<GatePath> atEnd = report.gates().after();
        if (atEnd.isPresent()) {
            StateFile file = StateFile.read(new ByteArrayInputStream(json(report).getBytes()), "run", Path.of(""));
            ExplainReport explained = StateExplainExperiment.explain(new StatePlan(file, "run", interrupt(report),
                    OptionalInt.of(report.target().vcpu())));

            assertThat(explained.explanation().orElseThrow().gates()).isEqualTo(atEnd.get());
            assertThat(file.warnings()).isEmpty();
        }
    }

    private static String json(RunReport report) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RunJson.write(report, out);
        return out.toString();
    }

    private static InterruptChoice interrupt(RunReport report) {
        InterruptChoice chosen = report.request().interrupt();
        InterruptChoice onPath = new InterruptChoice(Optional.of(report.path()), List.of(), chosen.vector(),
                chosen.message(), chosen.trigger());
        return report.line(0).isPresent() ? onPath.withLine(report.line(0).getAsInt()) : onPath;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run --set pic.slave.imr=0xff --irq 11 --timeout 3s | --irq 11 | 5
            trace --set pic.slave.imr=0xff --irq 11 --timeout 3s | --irq 11 | 5
            run --guest no-eoi --irq 5 --count 2 --timeout 3s | --irq 5 | 5
            run --irqchip split --path msi --set lapic.tpr=0xff --timeout 3s | --path msi | 5
            run --irqchip userspace --set pic.master.imr=0xff --irq 5 --timeout 3s | --irq 5 --path vector | 5
            run --guest no-idt --irq 10 --force | --irq 10 | 4
            run --image sleeps --irq 4 --at idle --set pic.master.imr=0xff --timeout 3s | --irq 4 | 5
            trace --image sleeps --irq 4 --at idle --set pic.master.imr=0xff --timeout 3s | --irq 4 | 5
            """)
    void report_isExplainedByTheCommandLine(String line, String interrupt, int exitCode) throws IOException {
        ChildProcess.Result ran = Interject.type(
                line.replace("sleeps", Images.file("sleeps").toString()) + " --output json");
        Path file = Files.writeString(directory.resolve("run.json"), ran.out());
        ChildProcess.Result explained =
                Interject.type("explain --state %s %s --output json".formatted(file, interrupt));

        assertThat(ran.exitCode()).as(ran.err()).isEqualTo(exitCode);
        assertThat(explained.exitCode()).as(explained.err()).isEqualTo(1);
        Map<String, Object> report = Json.parseObject(ran.out());
        Map<String, Object> run = line.startsWith("trace") ? Json.object(report, "run") : report;
        assertThat(places(run, "gatesAtEnd")).isNotEmpty()
                .isEqualTo(places(Json.parseObject(explained.out()), "gates"));
    }

    private static List<String> places(Map<String, Object> report, String field) {
        return Json.objects(report, field)
                .stream()
                .map(gate -> "%s: %s, %s".formatted(gate.get("place"), gate.get("verdict"), gate.get("evidence")))
                .toList();
    }

    @Test
    void runInWhichAllAreTaken_hasNoState() throws IOException {
        ChildProcess.Result ran = Interject.type("run --output json");
        Path file = Files.writeString(directory.resolve("run.json"), ran.out());
        ChildProcess.Result explained = Interject.type("explain --state %s --irq 10".formatted(file));

        assertThat(Json.parseObject(ran.out())).containsEntry("state", null);
        assertThat(explained.exitCode()).isEqualTo(2);
        assertThat(explained.err()).contains("/state: this report has no state").hasLineCount(2);
    }
}
