package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.open;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;

import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.Page;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.QueuedException;
import dev.interject.kvm.state.VcpuEvents;
import org.junit.jupiter.api.Test;

/** api.rst, "KVM_GET_VCPU_EVENTS"; Intel SDM vol. 3A, "Prioritization of Concurrent Events". */
class QueueGateTest {

    private static final VcpuEvents GP =
            VcpuEvents.NONE.withException(new QueuedException(13, OptionalInt.of(0x152)));

    private static GatePath path(GuestStateSample sample) {
        return Gates.ofMessage(sample.state(), Route.MSI, MsiMessage.fixed(0, 0x61));
    }

    private static Gate closed(GatePath path) {
        return path.firstThatIsNotOpen().orElseThrow();
    }

    @Test
    void queuedException_isDeliveredBeforeAnInterrupt() {
        assertThat(closed(path(open().with(GP)))).returns(GateKind.EVENT_QUEUE, Gate::kind)
                .returns(Verdict.HOLDS, Gate::verdict)
                .returns("#GP, error code 0x152", Gate::evidence)
                .returns("this exception is delivered first; its handler runs with IF = 0", Gate::meaning);
        assertThat(open().with(GP).state().isOpen()).isFalse();
    }

    @Test
    void exceptionThroughATrapGate_letsTheInterruptFollow() {
        byte[] gates = TableSample.gates();
        gates[13 * 16 + 5] = (byte) 0x8f;

        assertThat(path(open().with(GP).idt(gates)).prediction().fate()).isEqualTo(Fate.TAKEN);
    }

    @Test
    void exceptionThroughATrapGate_delaysAVectorThatTheVmmQueues() {
        byte[] gates = TableSample.gates();
        gates[13 * 16 + 5] = (byte) 0x8f;

        assertThat(QueueGate.of(open().with(GP).idt(gates).state(), Verdict.NOT_NOW))
                .returns(Verdict.NOT_NOW, Gate::verdict)
                .returns("this exception is delivered first; a trap gate keeps IF, so the interrupt follows at once",
                        Gate::meaning);
    }

    /** The gate by which a handler is entered decides, not that of the exception that could not be delivered. */
    @Test
    void exceptionWhoseDeliveryFails_hasTheFlagOfTheHandlerThatIsEntered() {
        byte[] gates = TableSample.gates();
        gates[13 * 16 + 5] = 0x0f;

        assertThat(path(open().with(GP).idt(gates)).prediction().fate()).isEqualTo(Fate.WAITS);
        gates[8 * 16 + 5] = (byte) 0x8f;
        gates[11 * 16 + 5] = 0x0e;
        assertThat(path(open().with(GP).idt(gates)).prediction().fate()).isEqualTo(Fate.TAKEN);
    }

    /** Intel SDM vol. 3A, "Flag Usage By Exception- or Interrupt-Handler Procedure". */
    @Test
    void queuedInterruptOrNmi_keepsTheFlagIfItsGateDoes() {
        byte[] gates = TableSample.gates();
        gates[0x42 * 16 + 5] = (byte) 0x8f;
        gates[2 * 16 + 5] = (byte) 0x8f;

        assertThat(path(open().with(VcpuEvents.NONE.withInterrupt(0x42)).idt(gates)).prediction().fate())
                .isEqualTo(Fate.TAKEN);
        assertThat(path(open().with(VcpuEvents.NONE.withNmisPending(1)).idt(gates)).prediction().fate())
                .isEqualTo(Fate.TAKEN);
    }

    @Test
    void queuedInterrupt_isNoCallWithALapicInTheKernel() {
        assertThat(closed(path(open().with(VcpuEvents.NONE.withInterrupt(0x42)))))
                .returns("vector 0x42", Gate::evidence)
                .returns("this interrupt is delivered first; its handler runs with IF = 0", Gate::meaning);
    }

    @Test
    void exceptionWithoutAHandler_breaksTheGuestFirst() {
        byte[] gates = TableSample.gates();
        for (int vector : new int[]{8, 13}) {
            gates[vector * 16 + 5] = 0x0e;
        }

        assertThat(closed(path(open().with(GP).idt(gates)))).returns(Verdict.BREAKS, Gate::verdict)
                .returns("delivering this exception fails: #NP, error code 0x6b: the gate is not present, so #DF"
                        + " follows; delivering #DF raises #NP, error code 0x43: a triple fault", Gate::meaning);
    }

    @Test
    void nmiAndSmi_areDeliveredBeforeAnInterrupt() {
        assertThat(closed(path(open().with(VcpuEvents.NONE.withNmiInjected(true)))).evidence()).isEqualTo("NMI");
        assertThat(closed(path(open().with(VcpuEvents.NONE.withNmisPending(1)))).evidence()).isEqualTo("NMI");
        assertThat(closed(path(open().with(VcpuEvents.NONE.withSmiPending(true)))).evidence()).isEqualTo("SMI");
    }

    @Test
    void pendingNmiThatIsMasked_holdsNothing() {
        assertThat(path(open().with(VcpuEvents.NONE.withNmisPending(1).withNmiMasked(true))).prediction().fate())
                .isEqualTo(Fate.TAKEN);
    }

    @Test
    void nmi_followsAQueuedExceptionAtOnce() {
        assertThat(Gates.ofNmi(open().with(GP).state(), true).prediction().fate()).isEqualTo(Fate.TAKEN);
    }

    /** SVM before Linux 6.14 tries such a delivery again without end; what keeps it is no gate on the way there. */
    @Test
    void queuedInterruptThatCannotBeDelivered_isWhatKeepsIt() {
        GatePath path = path(open().closed()
                .with(VcpuEvents.NONE.withInterrupt(0x61))
                .page(0x6fff, new Page(0x6000, true, true, false, true, false, false))
                .rsp(0x7000));

        assertThat(path.holder()).get()
                .returns(GateKind.EVENT_QUEUE, Gate::kind)
                .extracting(Gate::meaning)
                .asString()
                .startsWith("delivering this interrupt fails: there is no RAM");
    }

    @Test
    void queuedNmiThatCannotBeDelivered_isWhatKeepsIt() {
        GatePath path = Gates.ofNmi(open()
                .with(VcpuEvents.NONE.withNmiInjected(true).withNmiMasked(true))
                .page(0x6fff, new Page(0x6000, true, true, false, true, false, false))
                .rsp(0x7000)
                .state(), true);

        assertThat(path.holder()).get()
                .extracting(Gate::meaning)
                .asString()
                .startsWith("delivering an NMI fails: there is no RAM");
    }
}
