package dev.interject.experiment.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

import dev.interject.Hang;
import dev.interject.experiment.Cancellation;
import org.junit.jupiter.api.Test;

/** A VM that is stopped while it is read runs on afterwards, unless it must not. */
class QemuFreezeTest {

    private static final Map<String, String> LINUX = RecordedQemu.recording("10.0-tcg-linux", 2);

    private static QemuMonitor connect(RecordedQemu qemu) {
        return connect(qemu, Hang.AFTER);
    }

    private static QemuMonitor connect(RecordedQemu qemu, Duration time) {
        return QemuMonitor.connect(qemu.socket(), time, new Cancellation());
    }

    /** The last command continues it. */
    @Test
    void vmThatWasStopped_isContinuedAfterAnError() {
        UnaryOperator<String> refuses = answer -> answer.contains("ioapic0")
                ? answer.replaceFirst("\"return\":\".*?\"", "\"error\":{\"class\":\"GenericError\",\"desc\":\"no\"}")
                : answer;
        try (RecordedQemu qemu = RecordedQemu.answering(LINUX, refuses)) {
            assertThatThrownBy(() -> {
                try (QemuMonitor monitor = connect(qemu)) {
                    monitor.stop();
                    monitor.readState();
                }
            }).isInstanceOf(QemuException.class).hasMessageContaining("QEMU refuses");

            assertThat(qemu.commands()).last().isEqualTo("cont");
        }
    }

    @Test
    void vmThatWasStopped_isContinuedAfterCancellation() {
        Cancellation cancellation = new Cancellation();
        UnaryOperator<String> cancels = answer -> {
            if (answer.contains("ioapic0")) {
                cancellation.request();
            }
            return answer;
        };
        try (RecordedQemu qemu = RecordedQemu.answering(LINUX, cancels)) {
            assertThatThrownBy(() -> {
                try (QemuMonitor monitor = QemuMonitor.connect(qemu.socket(), Hang.AFTER, cancellation)) {
                    monitor.stop();
                    monitor.readState();
                }
            }).isInstanceOf(CancellationException.class);

            assertThat(qemu.commands()).last().isEqualTo("cont");
        }
    }

    /** The rest of the answer comes before that of the last commands. */
    @Test
    void vmThatWasStopped_isContinuedAfterAnAnswerThatCameInPart() {
        UnaryOperator<String> stalls = answer -> answer.replace("ioapic0", "ioapic" + RecordedQemu.LATER + "0");
        try (RecordedQemu qemu = RecordedQemu.answering(LINUX, stalls)) {
            assertThatThrownBy(() -> {
                try (QemuMonitor monitor = connect(qemu, Duration.ofSeconds(2))) {
                    monitor.stop();
                    monitor.readState();
                }
            }).isInstanceOf(QemuException.class)
                    .hasMessageContaining("gave no answer within")
                    .hasNoSuppressedExceptions();

            assertThat(qemu.commands()).last().isEqualTo("cont");
        }
    }

    /** One that has been migrated away while it was stopped runs elsewhere. */
    @Test
    void vmThatIsInAnotherStateThanStopped_isNotContinued() {
        UnaryOperator<String> migrates = answer -> answer.replace("\"paused\"", "\"postmigrate\"");
        try (RecordedQemu qemu = RecordedQemu.answering(LINUX, migrates)) {
            try (QemuMonitor monitor = connect(qemu)) {
                monitor.stop();
                monitor.readState();
            }
            assertThat(qemu.commands()).contains("stop").doesNotContain("cont");
        }
    }

    @Test
    void vmThatDoesNotRun_isNoted() {
        UnaryOperator<String> failed = answer -> answer.replace("\"status\":\"running\"",
                "\"status\":\"internal-error\"");
        try (RecordedQemu qemu = RecordedQemu.answering(LINUX, failed); QemuMonitor monitor = connect(qemu)) {
            assertThat(monitor.readState().warnings())
                    .contains("the VM does not run (QEMU's run state is internal-error): until it does, it takes no"
                            + " interrupt");
        }
    }

    /** Each of the two answers comes in time, but not both. */
    @Test
    void connectingAndStopping_haveOneTime() {
        Duration time = Duration.ofMillis(600);
        AtomicInteger answers = new AtomicInteger();
        UnaryOperator<String> late = answer -> {
            if (answers.incrementAndGet() <= 2) { // of qmp_capabilities and of query-status
                LockSupport.parkNanos(time.toNanos() * 2 / 3);
            }
            return answer;
        };
        try (RecordedQemu qemu = RecordedQemu.answering(LINUX, late)) {
            assertThatThrownBy(() -> {
                try (QemuMonitor monitor = QemuMonitor.connect(qemu.socket(), time, new Cancellation())) {
                    monitor.stop();
                }
            }).isInstanceOf(QemuException.class).hasMessageContaining("gave no answer within 600 ms");
        }
    }

    @Test
    void vmThatCannotBeContinued_isNamed() {
        UnaryOperator<String> dies = answer -> answer.contains("ioapic0") ? null : answer;
        try (RecordedQemu qemu = RecordedQemu.answering(LINUX, dies)) {
            assertThatThrownBy(() -> {
                try (QemuMonitor monitor = connect(qemu)) {
                    monitor.stop();
                    monitor.readState();
                } catch (QemuException failed) {
                    throw failed.withSuppressed();
                }
            }).hasMessageContaining("the VM may still be stopped");
        }
    }
}
