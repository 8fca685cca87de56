package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.events;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.kvm.state.VcpuEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NmiGatesTest {

    private static GatePath nmi(int pending, boolean masked) {
        return Gates.ofNmi(open().with(VcpuEvents.NONE.withNmisPending(pending).withNmiMasked(masked)).state(),
                true);
    }

    private static Gate queue(GatePath path) {
        return path.gates().stream().filter(gate -> gate.kind() == GateKind.NMI_QUEUE).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"0, false, OPEN, TAKEN", "1, false, OPEN, TAKEN", "2, false, COALESCES, MERGES", "0, true, OPEN, WAITS",
        "1, true, COALESCES, MERGES", "2, true, COALESCES, MERGES"})
    void queue_keepsTwoOrOneWhileAnotherIsHandled(int pending, boolean masked, Verdict verdict, Prediction.Fate fate) {
        assertThat(queue(nmi(pending, masked)).verdict()).isEqualTo(verdict);
        assertThat(nmi(pending, masked).prediction().fate()).isEqualTo(fate);
    }

    /** process_nmi of x86.c: one is kept while one is being delivered, too. */
    @Test
    void queue_keepsOneWhileAnotherIsDelivered() {
        VcpuEvents delivering = VcpuEvents.NONE.withNmisPending(1).withNmiInjected(true);

        assertThat(queue(Gates.ofNmi(open().with(delivering).state(), true)).verdict()).isEqualTo(Verdict.COALESCES);
    }

    @Test
    void queue_showsHowManyAreKept() {
        assertThat(queue(nmi(2, false)).meaning()).startsWith("KVM keeps at most 2");
        assertThat(queue(nmi(1, true)).meaning()).startsWith("KVM keeps at most 1");
        assertThat(queue(nmi(1, false)).evidence()).isEqualTo("one pending");
        assertThat(queue(nmi(2, false)).evidence()).isEqualTo("2 pending");
        assertThat(queue(nmi(0, false)).evidence()).isEqualTo("empty");
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, false"})
    void shadow_holdsAnNmiToo(boolean afterSti, boolean afterMovSs) {
        GatePath path = Gates.ofNmi(open().with(events(false, afterSti, afterMovSs)).state(), true);

        assertThat(path.gates()).filteredOn(gate -> !gate.isOpen())
                .singleElement()
                .returns(GateKind.SHADOW, Gate::kind)
                .returns(Verdict.HOLDS, Gate::verdict);
    }

    @Test
    void queuedInterrupt_doesNotHoldAnNmi() {
        assertThat(Gates.ofNmi(open().with(events(true, false, false)).state(), true).firstThatIsNotOpen()).isEmpty();
    }

    /** The handler of a guest that expects none never returns. */
    @Test
    void guestThatExpectsNone_breaksBeforeIretDoes() {
        GatePath path = Gates.ofNmi(open().gdt(0, 0x00af9b000000ffffL).state(), false);

        assertThat(path.firstThatForbids()).map(Gate::kind).hasValue(GateKind.NMI_HANDLER);
    }

    @Test
    void tableWithoutAHandlerForIt_breaks() {
        GatePath path = Gates.ofNmi(open().idt(new byte[256 * 16]).state(), true);

        assertThat(path.firstThatForbids()).map(Gate::place).hasValue("IDT, vector 0x02");
        assertThat(path.prediction().fate()).isEqualTo(Prediction.Fate.BREAKS);
    }
}
