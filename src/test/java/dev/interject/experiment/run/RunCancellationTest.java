package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run that the user ends. */
@RequiresKvm
class RunCancellationTest {

    private static final Duration LONG = Hang.AFTER.multipliedBy(3);
    private static final int MANY = 1_000_000;

    /** One for each state in which the user can end a run. */
    private enum State {
        HALTED_IN_THE_KERNEL(Run.on(Irqchip.KERNEL).count(2).interval(LONG)),
        HALTED_IN_USERSPACE(Run.on(Irqchip.USERSPACE).count(2).interval(LONG)),
        HALTED_CLOSED_IN_THE_KERNEL(Run.on(Irqchip.KERNEL).guest(BuiltinGuest.DEAF)),
        CLOSED_AND_WAITED_FOR(Run.on(Irqchip.USERSPACE).guest(BuiltinGuest.DEAF).await()),
        SPINNING_IN_THE_KERNEL(Run.on(Irqchip.KERNEL).guest(BuiltinGuest.SPIN)),
        SPINNING_AND_WAITED_FOR(Run.on(Irqchip.USERSPACE).guest(BuiltinGuest.SPIN).await()),
        BUSY_IN_THE_KERNEL(Run.on(Irqchip.KERNEL).guest(BuiltinGuest.BUSY).count(MANY)),
        BUSY_IN_USERSPACE(Run.on(Irqchip.USERSPACE).guest(BuiltinGuest.BUSY).count(MANY).await()),
        INTERRUPTED_ALL_THE_TIME_IN_THE_KERNEL(Run.on(Irqchip.KERNEL).count(MANY)),
        INTERRUPTED_ALL_THE_TIME_IN_USERSPACE(Run.on(Irqchip.USERSPACE).count(MANY)),
        INTERRUPTED_ALL_THE_TIME_BY_VECTOR(Run.on(Irqchip.USERSPACE).vector(0x41).count(MANY)),
        REAL_MODE(Run.on(Irqchip.KERNEL).guest(BuiltinGuest.REAL).count(MANY));

        private final Run run;

        State(Run run) {
            this.run = run.timeout(LONG);
        }
    }

    /** Ends a run from another thread after a while. */
    private static final class User {

        private final Cancellation cancellation = new Cancellation();

        static User whoHasEnoughAfter(Duration patience) {
            User user = new User();
            Executor later = CompletableFuture.delayedExecutor(patience.toNanos(), TimeUnit.NANOSECONDS);
            later.execute(user.cancellation::request);
            return user;
        }
    }

    @ParameterizedTest
    @EnumSource
    void run_endsLongBeforeItsTimeout(State state) {
        User user = User.whoHasEnoughAfter(Duration.ofMillis(400));

        RunReport report = state.run.report(user.cancellation);

        assertThatRun(report).hasOutcome(Outcome.INTERRUPTED).saysWhy("interrupted by the user").lostNothing();
    }

    @Test
    void requestBeforeTheRun_endsItAtOnce() {
        Cancellation cancellation = new Cancellation();
        cancellation.request();

        RunReport report = Run.on(Irqchip.KERNEL).timeout(LONG).report(cancellation);

        assertThatRun(report).hasOutcome(Outcome.INTERRUPTED).lostNothing();
        assertThat(report.ledger().taken()).isZero();
    }

    /**
     * An interrupt may be anywhere at that moment: in the line, queued for the vCPU, or in the guest's handler. This
     * guest is open, so each of them gets there, and the ledger and the log agree on it.
     */
    @ParameterizedTest
    @EnumSource(names = {"INTERRUPTED_ALL_THE_TIME_IN_THE_KERNEL", "INTERRUPTED_ALL_THE_TIME_IN_USERSPACE",
        "INTERRUPTED_ALL_THE_TIME_BY_VECTOR"})
    void requestWithAnInterruptPending_losesNoneFromTheLedger(State state) {
        IntStream.range(0, 60)
                .mapToObj(i -> User.whoHasEnoughAfter(Duration.ofNanos(60_000_000 + 37_000 * i)))
                .map(user -> state.run.report(user.cancellation))
                .forEach(report -> {
                    assertThatRun(report).hasOutcome(Outcome.INTERRUPTED).lostNothing();
                    assertThat(report.ledger().taken()).isEqualTo(report.ledger().requested());
                    assertThat(takenInTheLog(report.interrupts())).isEqualTo(report.ledger().taken());
                });
    }

    private static long takenInTheLog(InterruptLog log) {
        return IntStream.range(0, log.size()).filter(log::isTaken).count();
    }
}
