package dev.interject.interrupt.delivery;

import static dev.interject.interrupt.delivery.CpuSample.CODE;
import static dev.interject.interrupt.delivery.CpuSample.CODE_32;
import static dev.interject.interrupt.delivery.CpuSample.DATA;
import static dev.interject.interrupt.delivery.CpuSample.DATA_32;
import static dev.interject.interrupt.delivery.CpuSample.HANDLERS;
import static dev.interject.interrupt.delivery.CpuSample.PRESENT;
import static dev.interject.interrupt.delivery.CpuSample.RING_3;
import static dev.interject.interrupt.delivery.CpuSample.STACK;
import static dev.interject.interrupt.delivery.CpuSample.STACK_0;
import static dev.interject.interrupt.delivery.CpuSample.TSS;
import static dev.interject.interrupt.delivery.CpuSample.protectedMode;
import static dev.interject.interrupt.delivery.CpuSample.virtual8086;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.interrupt.state.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Intel SDM vol. 2A, "INT n", operation; vol. 3A, "Exception- or Interrupt-Handler Procedures", "Limit Checking". */
class ProtectedModeDeliveryTest {

    private static final int VECTOR = 0x41;
    private static final int INTERRUPT_GATE = 0x8e;
    private static final int INTERRUPT_GATE_16 = 0x86;
    private static final int TASK_GATE = 0x85;
    private static final int EXPAND_DOWN = 7;
    private static final int EXPAND_UP = 3;
    private static final long CONFORMING = 1L << 42;
    private static final long WRITABLE = 1L << 41;
    private static final long SMEP = 1 << 20;
    private static final long FREE_TSS_32 = 0x0000890040000067L;

    private static Delivery deliver(CpuSample sample) {
        return Delivery.ofInterrupt(sample.state(), VECTOR);
    }

    private static String failure(CpuSample sample) {
        return deliver(sample).failure().map(Failure::toString).orElse("none");
    }

    // --- the same ring

    @ParameterizedTest
    @CsvSource({"0x8e, 12", "0x8f, 12", "0x86, 6", "0x87, 6"})
    void sameRing_pushesThreeWordsOfTheGatesSize(String access, int bytes) {
        Delivery delivery = deliver(protectedMode().gate(VECTOR, Integer.decode(access), CODE, HANDLERS));

        assertThat(delivery.failure()).isEmpty();
        assertThat(delivery.handler().stack()).isEqualTo(STACK - bytes);
    }

    @Test
    void exceptionWithErrorCode_pushesOneWordMore() {
        assertThat(Delivery.ofException(protectedMode().state(), 13).handler().stack()).isEqualTo(STACK - 16);
        assertThat(Delivery.ofException(protectedMode().state(), 3).handler().stack()).isEqualTo(STACK - 12);
    }

    @ParameterizedTest
    @CsvSource({"12, none", "11, fault", "13, none"})
    void expandDownStack_endsAboveItsLimit(int above, String expected) {
        assertThat(failure(protectedMode().ss(0x5fff, EXPAND_DOWN, true).stack(0x6000 + above))).isEqualTo(
                expected.equals("none") ? "none" : "#SS, error code 0x1: outside the stack segment");
    }

    @Test
    void expandDownStackOf16Bits_endsAt64KiB() {
        assertThat(failure(protectedMode().ss(0x5fff, EXPAND_DOWN, false).stack(0x10000))).isEqualTo("none");
        assertThat(failure(protectedMode().ss(0x5fff, EXPAND_DOWN, false).stack(0x6004))).startsWith("#SS");
    }

    @ParameterizedTest
    @CsvSource({"0x6fff, none", "0x6ffe, fault", "0x6ff7, fault"})
    void expandUpStack_endsAtItsLimit(String limit, String expected) {
        assertThat(failure(protectedMode().ss(Integer.decode(limit), EXPAND_UP, true))).isEqualTo(
                expected.equals("none") ? "none" : "#SS, error code 0x1: outside the stack segment");
    }

    @Test
    void stackOf16Bits_wrapsAt64KiB() {
        Delivery delivery = deliver(protectedMode().ss(0xffff, EXPAND_UP, false).stack(0xdead0004L));

        assertThat(delivery.failure()).isEmpty();
        assertThat(delivery.handler().stack()).isEqualTo(0x10004 - 12);
    }

    @Test
    void handlerBeyondTheLimitOfItsSegment_isAGeneralProtectionFault() {
        CpuSample sample = protectedMode().descriptor(CODE, 0x0040_9b00_0000_0000L | HANDLERS + VECTOR);

        assertThat(failure(sample)).isEqualTo("none");
        assertThat(failure(sample.descriptor(CODE, 0x0040_9b00_0000_0000L | HANDLERS + VECTOR - 1)))
                .isEqualTo("#GP, error code 0x1: the handler is beyond the limit of its segment");
    }

    @Test
    void baseOfTheSegment_isAddedToTheHandlersOffset() {
        CpuSample sample = protectedMode().descriptor(CODE, CODE_32 | 0x2000L << 16).page(0xa000, Page.ABSENT);

        assertThat(deliver(sample).steps().getLast()).returns("0xa041", Step::evidence);
        assertThat(failure(sample)).isEqualTo("#PF, error code 0x0: the page is not present");
    }

    @Test
    void codeSegmentOf16Bits_canBeEntered() {
        assertThat(failure(protectedMode().descriptor(CODE, 0x00009b000000ffffL))).isEqualTo("none");
    }

    @Test
    void smepWithoutExecuteDisable_stillSaysFetch() {
        assertThat(failure(protectedMode().cr4(SMEP)))
                .isEqualTo("#PF, error code 0x11: a page of ring 3, and CR4.SMEP is set");
    }

    // --- an inner ring

    @ParameterizedTest
    @CsvSource({"0x8e, 20", "0x86, 10"})
    void innerRing_pushesFiveWordsOnTheStackOfTheTss(String access, int bytes) {
        Delivery delivery = deliver(protectedMode().inRing3().gate(VECTOR, Integer.decode(access), CODE, HANDLERS));

        assertThat(delivery.failure()).isEmpty();
        assertThat(delivery.steps()).extracting(Step::place).contains("TSS, stack", "stack, SS0:ESP0");
        assertThat(delivery.handler()).returns(0, Context::ring).returns(STACK_0 - bytes, Context::stack);
        assertThat(delivery.handler().ss().selector()).isEqualTo(DATA);
    }

    @Test
    void tssOf16Bits_holdsWordsForStacks() {
        Delivery delivery = deliver(protectedMode().inRing3().tssOf16Bits());

        assertThat(delivery.steps()).extracting(Step::place).contains("stack, SS0:SP0");
        assertThat(delivery.handler().stack()).isEqualTo(STACK_0 - 20);
        assertThat(failure(protectedMode().inRing3().tssOf16Bits().tssLimit(4)))
                .isEqualTo("#TS, error code 0x29: the TSS ends before this stack");
    }

    @ParameterizedTest
    @CsvSource({"9, none", "8, fault"})
    void tss_mustReachToTheStackOfTheRing(int limit, String expected) {
        assertThat(failure(protectedMode().inRing3().tssLimit(limit))).isEqualTo(
                expected.equals("none") ? "none" : "#TS, error code 0x29: the TSS ends before this stack");
    }

    @Test
    void stackSegmentOfTheTss_isChecked() {
        assertThat(failure(protectedMode().inRing3().tss(8, 0, 2)))
                .isEqualTo("#TS, error code 0x1: the TSS's SS0 is null");
        assertThat(failure(protectedMode().inRing3().tss(8, 0x13, 2)))
                .isEqualTo("#TS, error code 0x11: SS is of another ring than the code");
        assertThat(failure(protectedMode().inRing3().tss(8, 0x80, 2)))
                .isEqualTo("#TS, error code 0x81: the GDT ends before this selector");
        assertThat(failure(protectedMode().inRing3().descriptor(DATA, DATA_32 | RING_3)))
                .isEqualTo("#TS, error code 0x11: SS is of another ring than the code");
        assertThat(failure(protectedMode().inRing3().descriptor(DATA, DATA_32 & ~WRITABLE)))
                .isEqualTo("#TS, error code 0x11: SS is not a writable data segment");
        assertThat(failure(protectedMode().inRing3().descriptor(DATA, DATA_32 & ~PRESENT)))
                .isEqualTo("#SS, error code 0x11: SS is not present");
    }

    @Test
    void stackOfTheTssOutsideItsSegment_isAStackFaultThatNamesIt() {
        assertThat(failure(protectedMode().inRing3().descriptor(DATA, 0x0040_9300_0000_5fffL))).isEqualTo("none");
        assertThat(failure(protectedMode().inRing3().descriptor(DATA, 0x0040_9300_0000_5ffeL)))
                .isEqualTo("#SS, error code 0x11: outside the stack segment");
    }

    @Test
    void conformingSegment_keepsRingAndStack() {
        Delivery delivery = deliver(protectedMode().inRing3().descriptor(CODE, CODE_32 | CONFORMING));

        assertThat(delivery.handler()).returns(3, Context::ring).returns(STACK - 12, Context::stack);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void otherInnerRings_haveTheirOwnStacks(int ring) {
        long dpl = (long) ring << 45;
        Delivery delivery = deliver(protectedMode().inRing3()
                .descriptor(CODE, CODE_32 | dpl)
                .descriptor(DATA, DATA_32 | dpl)
                .tss(4 + ring * 8, 0x5000, 4)
                .tss(8 + ring * 8, DATA | ring, 2));

        assertThat(delivery.failure()).isEmpty();
        assertThat(delivery.handler()).returns(ring, Context::ring).returns(0x5000L - 20, Context::stack);
    }

    // --- virtual-8086 mode (Intel SDM vol. 3B, "Handling Virtual-8086 Interrupts and Exceptions")

    @ParameterizedTest
    @CsvSource({"0x8e, 36", "0x86, 18"})
    void virtual8086Mode_pushesNineWordsOnTheStackOfRing0(String access, int bytes) {
        Delivery delivery = deliver(virtual8086().gate(VECTOR, Integer.decode(access), CODE, HANDLERS));

        assertThat(delivery.failure()).isEmpty();
        assertThat(delivery.handler()).returns(CpuMode.PROTECTED, Context::mode)
                .returns(STACK_0 - bytes, Context::stack);
    }

    @Test
    void virtual8086Mode_isLeftForRing0Only() {
        assertThat(failure(virtual8086().descriptor(CODE, CODE_32 | 1L << 45)))
                .isEqualTo("#GP, error code 0x9: virtual-8086 mode is left for ring 0 only");
        assertThat(failure(virtual8086().descriptor(CODE, CODE_32 | CONFORMING)))
                .isEqualTo("#GP, error code 0x9: virtual-8086 mode is left for ring 0 only");
    }

    // --- task gates (Intel SDM vol. 3A, "Interrupt Tasks"; vol. 2A, "INT n", TASK-GATE)

    @Test
    void taskGate_needsAFreeTssOfTheGdt() {
        CpuSample sample = protectedMode().gate(VECTOR, TASK_GATE, TSS, 0);

        assertThat(failure(sample.descriptor(TSS, FREE_TSS_32))).isEqualTo("none");
        assertThat(deliver(sample).steps()).extracting(Step::kind).containsExactly(StepKind.ENTRY, StepKind.TASK);
        assertThat(failure(sample.descriptor(TSS, FREE_TSS_32 | 2L << 40)))
                .isEqualTo("#GP, error code 0x29: not a free TSS: another type, or busy");
        assertThat(failure(sample.descriptor(TSS, FREE_TSS_32 & ~PRESENT)))
                .isEqualTo("#NP, error code 0x29: the TSS is not present");
        assertThat(failure(sample.descriptor(TSS, FREE_TSS_32 - 1)))
                .isEqualTo("#TS, error code 0x29: the TSS is too short");
        assertThat(failure(sample.gate(VECTOR, TASK_GATE, TSS | 4, 0)))
                .isEqualTo("#GP, error code 0x2d: the TSS's selector is not one of the GDT");
    }

    @Test
    void interruptGates_pushOntoPagesOfTheHandlersRing() {
        assertThat(failure(protectedMode().inRing3().page(STACK_0 - 1, Page.ABSENT)))
                .isEqualTo("#PF, error code 0x2: the page is not present");
        assertThat(failure(protectedMode().gate(VECTOR, INTERRUPT_GATE_16, CODE, HANDLERS)
                .page(STACK - 1,
                        Page.ABSENT)))
                .startsWith("#PF");
        assertThat(failure(protectedMode().gate(VECTOR, INTERRUPT_GATE, CODE, HANDLERS).page(STACK, Page.ABSENT)))
                .isEqualTo("none");
    }
}
