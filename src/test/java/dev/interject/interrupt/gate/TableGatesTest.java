package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.CODE_DESCRIPTOR;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.interrupt.state.Page;
import org.junit.jupiter.api.Test;

/** The steps of a delivery as gates; the rules are tested in {@code interrupt.delivery}. */
class TableGatesTest {

    private static final int VECTOR = 0x41;
    private static final long P = 1L << 47;
    private static final long DATA_DESCRIPTOR = 0x00cf93000000ffffL;

    private static GatePath path(GuestStateSample sample) {
        return Gates.ofVector(sample.on(Irqchip.USERSPACE).state(), VECTOR);
    }

    @Test
    void unusableSegment_breaksAndIsNamedWithWhatFollows() {
        GatePath path = path(open().gdt(0, CODE_DESCRIPTOR & ~P));

        assertThat(path.firstThatIsNotOpen()).get()
                .returns("GDT, code segment", Gate::place)
                .returns(Verdict.BREAKS, Gate::verdict)
                .returns("#NP, error code 0x9: the segment is not present; delivering #NP raises #NP, error code 0x9,"
                        + " so #DF follows; delivering #DF raises #NP, error code 0x9: a triple fault", Gate::meaning);
    }

    @Test
    void faultWithAHandler_saysThatItRuns() {
        byte[] gates = TableSample.gates();
        gates[VECTOR * 16 + 5] = 0x0e;

        assertThat(path(open().idt(gates)).firstThatIsNotOpen()).hasValueSatisfying(gate -> assertThat(gate.meaning())
                .isEqualTo("#NP, error code 0x20b: the gate is not present; the handler of #NP runs"));
    }

    @Test
    void handlerThatCannotReturn_runsBeforeTheGuestBreaks() {
        GatePath path = path(open().ss(0x80));

        assertThat(path.firstThatIsNotOpen()).hasValueSatisfying(gate -> assertThat(gate)
                .returns(GateKind.RETURN, Gate::kind)
                .returns("IRETQ", Gate::place)
                .returns("CS 0x08, SS 0x80", Gate::evidence)
                .returns("the handler runs, and its IRET raises #GP, error code 0x80: the GDT ends before this"
                        + " selector; the handler of #GP runs", Gate::meaning));
    }

    @Test
    void returnToAnAbsentStackSegment_followsTheRulesOfTheHost() {
        GuestState state = open().gdt(0, CODE_DESCRIPTOR, DATA_DESCRIPTOR & ~P).ss(0x10).on(Irqchip.USERSPACE).state();
        GuestState departing = state.with(HostRules.OF_THE_MANUALS.with(Departure.NP_FOR_ABSENT_STACK));

        assertThat(meaningOfReturn(state)).isEqualTo("the handler runs, and its IRET raises #SS, error code 0x10: SS"
                + " is not present; the handler of #SS runs");
        assertThat(meaningOfReturn(departing)).isEqualTo("the handler runs, and its IRET raises #NP, error code 0x10:"
                + " SS is not present; the handler of #NP runs");
    }

    @Test
    void returnToANullStackSegmentOfRing1_isOpenWhereTheHostDeparts() {
        GuestState state = open().ss(1).on(Irqchip.USERSPACE).state();
        GuestState departing = state.with(HostRules.OF_THE_MANUALS.with(Departure.ANY_NULL_STACK));

        assertThat(meaningOfReturn(state)).startsWith("the handler runs, and its IRET raises #GP, error code 0x0");
        assertThat(Gates.ofVector(departing, VECTOR).firstThatIsNotOpen()).isEmpty();
    }

    private static String meaningOfReturn(GuestState state) {
        return Gates.ofVector(state, VECTOR)
                .firstThatIsNotOpen()
                .filter(gate -> gate.kind() == GateKind.RETURN)
                .orElseThrow()
                .meaning();
    }

    @Test
    void stepsAfterTheFirstThatFails_areNotShown() {
        assertThat(path(open().rsp(0x5000).page(0x4fff, Page.ABSENT).ss(0x80)).gates()).filteredOn(
                gate -> !gate.isOpen()).extracting(Gate::kind).containsExactly(GateKind.STACK_PAGE);
    }

    @Test
    void realMode_hasAStackAndAHandlerButNoSegment() {
        byte[] ivt = new byte[1024];
        ivt[VECTOR * 4] = 1;

        assertThat(path(open().gdt(0L).inRealMode().idt(ivt)).gates()).extracting(Gate::kind)
                .doesNotContain(GateKind.CODE_SEGMENT)
                .contains(GateKind.IDT, GateKind.RETURN);
    }
}
