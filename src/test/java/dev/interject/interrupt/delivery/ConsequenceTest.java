package dev.interject.interrupt.delivery;

import static dev.interject.interrupt.delivery.CpuSample.CODE;
import static dev.interject.interrupt.delivery.CpuSample.HANDLERS;
import static dev.interject.interrupt.delivery.CpuSample.longMode;
import static dev.interject.interrupt.delivery.CpuSample.realMode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.delivery.Consequence.End;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.interrupt.state.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Intel SDM vol. 3A, "Interrupt 8—Double Fault Exception (#DF)". */
class ConsequenceTest {

    private static final int VECTOR = 0x41;
    private static final int ABSENT_GATE = 0x0e;
    private static final long UNMAPPED = 0x7000_0000L;

    private static Consequence of(CpuSample sample) {
        return Consequence.of(Delivery.ofInterrupt(sample.state(), VECTOR)).orElseThrow();
    }

    private static CpuSample withoutGates(int... vectors) {
        CpuSample sample = longMode();
        for (int vector : vectors) {
            sample.gate(vector, ABSENT_GATE, CODE, HANDLERS);
        }
        return sample;
    }

    @Test
    void successfulDelivery_hasNoConsequence() {
        CpuSample sample = longMode();

        assertThat(Consequence.of(Delivery.ofInterrupt(sample.state(), VECTOR))).isEmpty();
    }

    @Test
    void faultDuringAnInterrupt_isHandledLikeAnyOther() {
        assertThat(of(withoutGates(VECTOR))).returns(End.HANDLED, Consequence::end)
                .returns("; the handler of #NP runs", Consequence::text);
    }

    @Test
    void contributoryFaultDuringAContributoryOne_isADoubleFault() {
        assertThat(of(withoutGates(VECTOR, 11)).handledBy()).hasValue(8);
        assertThat(of(withoutGates(VECTOR, 11)).text()).isEqualTo(
                "; delivering #NP raises #NP, error code 0x5b, so #DF follows; the handler of #DF runs");
    }

    @Test
    void faultDuringADoubleFault_isATripleFault() {
        assertThat(of(withoutGates(VECTOR, 11, 8))).returns(End.TRIPLE_FAULT, Consequence::end)
                .returns("; delivering #NP raises #NP, error code 0x5b, so #DF follows; delivering #DF raises #NP,"
                        + " error code 0x43: a triple fault", Consequence::text);
    }

    @Test
    void stackThatIsNotMapped_isATripleFault() {
        CpuSample sample = longMode().stack(UNMAPPED).page(UNMAPPED - 1, Page.ABSENT);

        assertThat(of(sample).faults()).extracting(CpuFault::vector).containsExactly(14, 14, 8, 14);
        assertThat(of(sample).end()).isEqualTo(End.TRIPLE_FAULT);
    }

    @Test
    void stackOfItsOwnForTheDoubleFault_savesTheGuest() {
        CpuSample sample = longMode().stack(UNMAPPED)
                .page(UNMAPPED - 1, Page.ABSENT)
                .stackTable(8, 1)
                .tss(0x24, 0x5000, 8);

        assertThat(of(sample).handledBy()).hasValue(8);
    }

    @Test
    void pageFaultDuringAContributoryFault_isHandledInItsPlace() {
        CpuSample sample = withoutGates(VECTOR).stackTable(11, 1)
                .tss(0x24, UNMAPPED, 8)
                .page(UNMAPPED - 1,
                        Page.ABSENT);

        assertThat(of(sample).handledBy()).hasValue(14);
    }

    /** The benign, the contributory and the page-fault class. */
    @ParameterizedTest
    @CsvSource({"13, 13, true", "13, 14, false", "14, 14, true", "14, 13, true", "0, 10, true", "1, 13, false",
        "13, 1, false", "3, 14, false", "21, 11, true", "20, 14, true", "11, 20, false"})
    void doubleFault_dependsOnTheClassesOfBoth(int first, int second, boolean isDouble) {
        assertThat(CpuException.isDouble(first, second)).isEqualTo(isDouble);
    }

    @Test
    void handlerOfThePageFaultThatIsNotMapped_faultsEndlessly() {
        assertThat(of(longMode().page(HANDLERS, Page.ABSENT))).returns(End.ENDLESS, Consequence::end);
    }

    @Test
    void faultOfTheReturn_isDeliveredOnTheHandlersStack() {
        CpuSample sample = longMode().cs(0x80);
        Return iret = new Return(sample.state(), Delivery.ofInterrupt(sample.state(), VECTOR),
                HostRules.OF_THE_MANUALS);

        assertThat(Consequence.of(iret)).hasValueSatisfying(
                consequence -> assertThat(consequence.handledBy()).hasValue(13));
    }

    /** The entry of the exception counts that the host raises: #SS, or where it departs #NP. */
    @Test
    void absentStackSegmentOfTheReturn_leadsToTheHandlerOfTheHostsException() {
        CpuSample sample = withoutGates(11).descriptor(CpuSample.DATA, CpuSample.DATA_32 & ~CpuSample.PRESENT);
        Delivery delivery = Delivery.ofInterrupt(sample.state(), VECTOR);
        HostRules departing = HostRules.OF_THE_MANUALS.with(Departure.NP_FOR_ABSENT_STACK);

        assertThat(Consequence.of(new Return(sample.state(), delivery, HostRules.OF_THE_MANUALS)))
                .hasValueSatisfying(consequence -> assertThat(consequence.handledBy()).hasValue(12));
        assertThat(Consequence.of(new Return(sample.state(), delivery, departing)))
                .hasValueSatisfying(consequence -> assertThat(consequence.faults()).extracting(CpuFault::vector)
                        .containsExactly(11, 11, 8));
    }

    /** The IDT of the built-in guest no-idt, with limit 0. */
    @Test
    void emptyTable_isATripleFault() {
        assertThat(of(longMode().idtLimit(0)).end()).isEqualTo(End.TRIPLE_FAULT);
    }

    @Test
    void shortTableOfRealMode_leadsToVector13() {
        assertThat(of(realMode().idtLimit(0xff)).handledBy()).hasValue(13);
        assertThat(of(realMode().idtLimit(0x33)).handledBy()).hasValue(8);
        assertThat(of(realMode().idtLimit(0x1f)).end()).isEqualTo(End.TRIPLE_FAULT);
    }

    @Test
    void placeWithoutRam_endsWithoutException() {
        assertThat(of(realMode().vector(VECTOR, 0xf000, 0))).returns(End.NO_EXCEPTION, Consequence::end)
                .returns("", Consequence::text);
    }
}
