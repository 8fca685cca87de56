package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;

import dev.interject.RequiresKvm;
import dev.interject.experiment.setting.Setting;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.boot.BootMode;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An exception that KVM delivers at the next entry comes before an interrupt, whatever IF is. */
@RequiresKvm
class QueuedExceptionTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "cpu.exception=13                                                         | HOLDS  | #GP 0x0",
        "cpu.exception=6                                                          | HOLDS  | #UD 0x0",
        "cpu.exception=13 idt[13].present=0 idt[11].present=0 idt[8].present=0    | BREAKS | triple fault"})
    void queuedException_isDeliveredFirst(String settings, Verdict verdict, String outcome) {
        assertOutcome(settings, verdict, outcome);
    }

    /** QEMU's TCG drops the exception that VMRUN injects when its delivery fails. */
    @ParameterizedTest
    @Tag("not-qemu")
    @CsvSource(delimiter = '|', value = "cpu.exception=13 idt[13].present=0 | HOLDS | #DF 0x0")
    void queuedExceptionWithoutAHandler_isADoubleFault(String settings, Verdict verdict, String outcome) {
        assertOutcome(settings, verdict, outcome);
    }

    private static void assertOutcome(String settings, Verdict verdict, String outcome) {
        try (ObservedGuest guest = new ObservedGuest(BuiltinGuest.PIC.image(), BootMode.LONG, Set.of(10))) {
            Gate[] queue = new Gate[1];
            guest.interrupt(vcpu -> {
                for (Setting setting : Situation.of(settings.split(" +")).settings()) {
                    setting.apply(vcpu);
                }
                queue[0] = queue(vcpu.state());
            });

            assertThat(queue[0].verdict()).isEqualTo(verdict);
            assertThat(guest.outcome(true)).isEqualTo(outcome);
            assertThat(guest.taken()).isZero();
        }
    }

    private static Gate queue(GuestState state) {
        return Gates.ofKernelLine(state, Route.LINE, ObservedGuest.LINE, Trigger.EDGE)
                .gates()
                .stream()
                .filter(gate -> gate.kind() == GateKind.EVENT_QUEUE)
                .findFirst()
                .orElseThrow();
    }
}
