package dev.interject.experiment.suite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Durations;
import dev.interject.experiment.boot.BootConsole;
import dev.interject.experiment.boot.BootEnd;
import dev.interject.experiment.boot.BootExperiment;
import dev.interject.experiment.boot.BootPlan;
import dev.interject.experiment.boot.BootReport;
import dev.interject.experiment.boot.PostMortem;
import dev.interject.experiment.suite.SuiteResult.Verdict;
import dev.interject.experiment.suite.list.Launch;
import dev.interject.experiment.suite.list.SuiteTest;
import dev.interject.guest.boot.UnbootableImageException;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;

/** Runs one test to its result. */
final class TestRunner {

    /** kvm-unit-tests' exit code of a test that skipped all it has (77, as Automake's). */
    private static final int SKIPPED = 77;
    /** kvm-unit-tests' exit code of abort(). */
    private static final int ABORTED = 127;

    private final SuitePlan plan;
    private final SuiteTest test;
    private final long start = System.nanoTime();

    private record Judgement(Verdict verdict, String reason) {}

    TestRunner(SuitePlan plan, SuiteTest test) {
        this.plan = plan;
        this.test = test;
    }

    /** The result; empty if the user ended it. */
    Optional<SuiteResult> run(Cancellation cancellation) {
        Optional<String> reasonToSkip = plan.reasonToSkip(test);
        if (reasonToSkip.isPresent()) {
            return Optional.of(SuiteResult.skipped(test, reasonToSkip.get()));
        }
        return switch (test.launch()) {
            case Launch.Unsupported(String reason) -> Optional.of(SuiteResult.skipped(test, reason));
            case Launch.Boots boots -> boot(boots, cancellation);
        };
    }

    private Optional<SuiteResult> boot(Launch.Boots boots, Cancellation cancellation) {
        BootPlan own = boots.plan();
        BootPlan limited =
                new BootPlan(own.software(), own.hardware(), plan.timeout().or(own::timeout), own.until());
        try (ConsoleLog console = new ConsoleLog(log())) {
            BootReport report = BootExperiment.run(limited, new BootConsole(console), cancellation);
            return result(boots, report, console);
        } catch (UnbootableImageException image) {
            return Optional.of(failed(image.getMessage()));
        } catch (SystemCallException | UnsupportedKvmException host) {
            return Optional.of(failed("the host cannot run it: " + host.getMessage()));
        } catch (IOException log) {
            return Optional.of(failed("cannot write its log: " + log.getMessage()));
        }
    }

    private OutputStream log() throws IOException {
        return plan.logs().isEmpty() ? OutputStream.nullOutputStream()
                : Files.newOutputStream(test.logIn(plan.logs().get()));
    }

    private SuiteResult failed(String reason) {
        return result(new Judgement(Verdict.FAIL, reason), OptionalInt.empty(), List.of());
    }

    private SuiteResult result(Judgement judgement, OptionalInt exitCode, List<PostMortem> vcpus) {
        return new SuiteResult(test, judgement.verdict(), judgement.reason(), exitCode,
                Duration.ofNanos(System.nanoTime() - start), vcpus);
    }

    private Optional<SuiteResult> result(Launch.Boots boots, BootReport report, ConsoleLog console) {
        OptionalInt exitCode = report.end() instanceof BootEnd.Exited exited
                ? OptionalInt.of(exited.exitCode())
                : OptionalInt.empty();
        return judge(boots, report, console).map(judgement -> result(judgement, exitCode, report.vcpus()));
    }

    private static Optional<Judgement> judge(Launch.Boots boots, BootReport report, ConsoleLog console) {
        return switch (report.end()) {
            case BootEnd.Exited exited -> Optional.of(byExitCode(exited.exitCode(), boots, console));
            case BootEnd.Shown _ -> Optional.of(new Judgement(Verdict.PASS, ""));
            case BootEnd.Reset _,BootEnd.Crashed _ ->
                Optional.of(new Judgement(Verdict.FAIL, joined(Stream.of(report.end().describe(),
                        Standstill.places(report.vcpus())))));
            case BootEnd.TimedOut(Duration after) -> Optional.of(new Judgement(Verdict.TIMEOUT,
                    "after %s: %s".formatted(Durations.format(after), Standstill.describe(report.vcpus()))));
            case BootEnd.OutputFailed _ -> Optional.of(new Judgement(Verdict.FAIL, report.end().describe()));
            case BootEnd.Interrupted _,BootEnd.Left _ -> Optional.empty();
            case BootEnd.HostFailed(SystemCallException call) -> throw call;
            case BootEnd.HostFailed(RuntimeException bug) -> throw bug;
            case BootEnd.HostFailed(Throwable bug) -> throw new IllegalStateException(bug);
        };
    }

    private static Judgement byExitCode(int exitCode, Launch.Boots boots, ConsoleLog console) {
        String summary = console.summary().orElse("");
        if (exitCode == boots.passingExitCode()) {
            return boots.plan().until().isEmpty() ? new Judgement(Verdict.PASS, summary)
                    : new Judgement(Verdict.FAIL, "ended without showing '%s'".formatted(boots.plan().until().get()));
        }
        if (exitCode == SKIPPED) {
            return new Judgement(Verdict.SKIP, joined(Stream.of("the guest skipped all", summary)));
        }
        String line = console.firstFailure().or(console::lastLine).orElse("");
        return new Judgement(Verdict.FAIL, joined(Stream.of(exitCode == ABORTED ? "the guest aborted"
                : "exit code " + exitCode, summary, line)));
    }

    private static String joined(Stream<String> parts) {
        return parts.filter(part -> !part.isEmpty()).collect(Collectors.joining("; "));
    }
}
