package dev.interject.interrupt.delivery;

import static dev.interject.interrupt.delivery.CpuSample.CODE;
import static dev.interject.interrupt.delivery.CpuSample.CODE_64;
import static dev.interject.interrupt.delivery.CpuSample.DATA_32;
import static dev.interject.interrupt.delivery.CpuSample.HANDLERS;
import static dev.interject.interrupt.delivery.CpuSample.PRESENT;
import static dev.interject.interrupt.delivery.CpuSample.RING_3;
import static dev.interject.interrupt.delivery.CpuSample.longMode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.interrupt.state.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Intel SDM vol. 2A, "INT n", operation, IA-32e mode; vol. 3A, "Interrupt and Exception Handling in 64-bit Mode",
 * "Access Rights", "Page-Fault Exceptions".
 */
class LongModeDeliveryTest {

    private static final String NO_RAM =
            "there is no RAM: KVM ends the guest, raises #PF without an error code, or tries it again without end";

    private static final int VECTOR = 0x41;
    private static final int INTERRUPT_GATE = 0x8e;
    private static final long L = 1L << 53;
    private static final long D = 1L << 54;
    private static final long CODE_TYPE = 1L << 43;
    private static final long CODE_OR_DATA = 1L << 44;
    private static final long CONFORMING = 1L << 42;
    private static final long WP = 1 << 16;
    private static final long NXE = 1 << 11;
    private static final long SMEP = 1 << 20;
    private static final long SMAP = 1 << 21;
    private static final long AC = 1 << 18;
    private static final long LA57 = 1 << 12;

    private static String failure(CpuSample sample) {
        return Delivery.ofInterrupt(sample.state(), VECTOR).failure().map(Failure::toString).orElse("none");
    }

    private static Step last(CpuSample sample) {
        return Delivery.ofInterrupt(sample.state(), VECTOR).steps().getLast();
    }

    @Test
    void usableTables_leadToTheHandler() {
        Delivery delivery = Delivery.ofInterrupt(longMode().state(), VECTOR);

        assertThat(delivery.failure()).isEmpty();
        assertThat(delivery.steps()).extracting(Step::kind)
                .containsExactly(StepKind.ENTRY, StepKind.CODE_SEGMENT, StepKind.FRAME, StepKind.HANDLER);
        assertThat(delivery.handler().stack()).isEqualTo(CpuSample.STACK - 40);
        assertThat(delivery.handler().next()).isEqualTo(HANDLERS + VECTOR);
    }

    // --- the code segment

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void nullSelector_isAGeneralProtectionFaultWithoutSelector(int selector) {
        assertThat(failure(longMode().gate(VECTOR, INTERRUPT_GATE, selector, HANDLERS)))
                .isEqualTo("#GP, error code 0x1: the gate's code segment is the null selector");
    }

    @Test
    void segmentThatCannotBeEntered_isAFaultThatNamesIt() {
        assertThat(failure(longMode().descriptor(CODE, CODE_64 & ~CODE_TYPE)))
                .isEqualTo("#GP, error code 0x9: not a code segment");
        assertThat(failure(longMode().descriptor(CODE, CODE_64 & ~CODE_OR_DATA)))
                .isEqualTo("#GP, error code 0x9: not a code segment");
        assertThat(failure(longMode().descriptor(CODE, CODE_64 | RING_3)))
                .isEqualTo("#GP, error code 0x9: its ring is less privileged than the interrupted code");
        assertThat(failure(longMode().descriptor(CODE, CODE_64 & ~PRESENT)))
                .isEqualTo("#NP, error code 0x9: the segment is not present");
        assertThat(failure(longMode().descriptor(CODE, CODE_64 & ~L | D)))
                .isEqualTo("#GP, error code 0x9: not a 64-bit code segment");
        assertThat(failure(longMode().descriptor(CODE, CODE_64 | D)))
                .isEqualTo("#GP, error code 0x9: both a 64-bit and a 32-bit code segment");
    }

    @ParameterizedTest
    @CsvSource({"0x0f, none", "0x0e, '#GP, error code 0x9: the GDT ends before this selector'",
        "0x07, '#GP, error code 0x9: the GDT ends before this selector'"})
    void limitOfTheGdt_isThatOfTheDescriptorsLastByte(String limit, String failure) {
        assertThat(failure(longMode().gdtLimit(Integer.decode(limit)))).isEqualTo(failure);
    }

    @Test
    void gdtThatIsNotMappedThatFar_isAPageFault() {
        assertThat(failure(longMode().gdtBytes(0x0f))).isEqualTo("#PF, error code 0x0: the GDT cannot be read");
    }

    @Test
    void gdtWhereThereIsNoRam_raisesNoPageFaultOfTheManuals() {
        CpuSample sample =
                longMode().gdtBytes(0x0f).page(0x200f, new Page(0x2000, true, true, false, true, false, false));

        assertThat(failure(sample))
                .isEqualTo(NO_RAM);
    }

    @Test
    void segmentOfTheLdt_isUsableIfThereIsAnLdt() {
        CpuSample sample = longMode().gate(VECTOR, INTERRUPT_GATE, 0x0c, HANDLERS);

        assertThat(failure(sample)).isEqualTo("#GP, error code 0xd: there is no LDT");
        assertThat(failure(sample.ldt(0))).isEqualTo("#GP, error code 0xd: the LDT ends before this selector");
        assertThat(failure(sample.ldt(0, CODE_64))).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x08, 0x09, 0x0b})
    void requestedPrivilegeOfTheSelector_doesNotMatter(int selector) {
        assertThat(failure(longMode().gate(VECTOR, INTERRUPT_GATE, selector, HANDLERS))).isEqualTo("none");
    }

    // --- the stack

    @Test
    void innerRing_usesItsStackOfTheTss() {
        Delivery delivery = Delivery.ofInterrupt(longMode().inRing3().state(), VECTOR);

        assertThat(delivery.failure()).isEmpty();
        assertThat(delivery.steps()).extracting(Step::place).contains("TSS, stack", "stack, RSP0");
        assertThat(delivery.handler().ring()).isZero();
    }

    @Test
    void conformingSegment_keepsRingAndStack() {
        Delivery delivery =
                Delivery.ofInterrupt(longMode().inRing3().descriptor(CODE, CODE_64 | CONFORMING).state(), VECTOR);

        assertThat(delivery.failure()).isEmpty();
        assertThat(delivery.handler().ring()).isEqualTo(3);
        assertThat(delivery.handler().stack()).isEqualTo(CpuSample.STACK - 40);
    }

    @ParameterizedTest
    @CsvSource({"1, 0x2b", "4, 0x43", "7, 0x5b"})
    void stackTable_endsWithinTheLimitOfTheTss(int number, String limit) {
        int last = Integer.decode(limit);
        CpuSample sample = longMode().stackTable(VECTOR, number).tss(last - 7, 0x5000, 8);

        assertThat(last(sample.tssLimit(last)).failure()).isEmpty();
        assertThat(Delivery.ofInterrupt(sample.state(), VECTOR).handler().stack()).isEqualTo(0x5000 - 40);
        assertThat(failure(sample.tssLimit(last - 1)))
                .isEqualTo("#TS, error code 0x29: the TSS ends before this stack");
    }

    @Test
    void stackOfTheTssThatIsZero_isWhereTheFrameGoes() {
        assertThat(failure(longMode().stackTable(VECTOR, 1).page(-1, Page.ABSENT)))
                .isEqualTo("#PF, error code 0x2: the page is not present");
    }

    /** Intel SDM vol. 3A, "64-Bit Mode Stack Frame": the pointer is aligned first. */
    @ParameterizedTest
    @CsvSource({"0x5000, none", "0x5028, none", "0x5010, absent", "0x502f, none", "0x6000, none", "0x6001, none",
        "0x6010, absent"})
    void frame_isTheFortyBytesBelowTheAlignedStackPointer(String rsp, String expected) {
        CpuSample sample = longMode().stack(Long.decode(rsp))
                .page(0x3000, Page.ABSENT)
                .page(0x4000, rsp.equals("0x5010") ? Page.ABSENT : Page.ofRam(0x4000))
                .page(0x6000, Page.ABSENT);

        assertThat(failure(sample)).isEqualTo(
                expected.equals("none") ? "none" : "#PF, error code 0x2: the page is not present");
    }

    @ParameterizedTest
    @CsvSource({"0x0000800000000000, false, none", "0x0000800000000010, false, fault",
        "0x0001000000000000, false, fault", "0x0001000000000000, true, none", "0x0100000000000010, true, fault"})
    void frameThatIsNotCanonical_isAStackFault(String rsp, boolean fiveLevels, String expected) {
        assertThat(failure(longMode().cr4(fiveLevels ? LA57 : 0).stack(Long.decode(rsp)))).isEqualTo(
                expected.equals("none") ? "none" : "#SS, error code 0x1: the address is not canonical");
    }

    @Test
    void readOnlyPage_isWritableForRing0WithoutWriteProtection() {
        CpuSample sample = longMode().page(0x6fff, Page.ofRam(0x6000).asReadOnly());

        assertThat(failure(sample)).isEqualTo("none");
        assertThat(failure(sample.cr0(WP))).isEqualTo("#PF, error code 0x3: the page is read-only");
    }

    @Test
    void readOnlyPage_isNotWritableForRing3WhateverCr0() {
        CpuSample sample = longMode().inRing3()
                .descriptor(CODE, CODE_64 | RING_3)
                .page(0x6fff, Page.ofRam(0x6000).asUser().asReadOnly());

        assertThat(failure(sample)).isEqualTo("#PF, error code 0x7: the page is read-only");
    }

    @Test
    void pageOfRing0_isNoStackForAHandlerInRing3() {
        assertThat(failure(longMode().inRing3()
                .descriptor(CODE, CODE_64 | RING_3)
                .page(0x6fff, Page.ofRam(0x6000)))).isEqualTo("#PF, error code 0x7: a page of ring 0");
    }

    /** Pushes are explicit accesses of the handler's ring: EFLAGS.AC allows them. */
    @Test
    void pageOfRing3_isNoStackForRing0WithSmap() {
        CpuSample sample = longMode().page(0x8000, Page.ofRam(0x8000)).cr4(SMAP);

        assertThat(failure(sample)).isEqualTo("#PF, error code 0x3: a page of ring 3, and CR4.SMAP is set");
        assertThat(failure(sample.flags(AC))).isEqualTo("none");
    }

    @Test
    void reservedBit_isAPageFaultThatSaysSo() {
        assertThat(failure(longMode().page(0x6fff, Page.ofRam(0x6000).asReserved())))
                .isEqualTo("#PF, error code 0xb: a reserved bit is set in its page-table entry");
    }

    @Test
    void pageWithoutRam_isNoException() {
        assertThat(failure(longMode().page(0x6fff, new Page(0xfec00000L, true, true, false, true, false, false))))
                .isEqualTo(NO_RAM);
    }

    // --- the handler

    @ParameterizedTest
    @ValueSource(longs = {0x0000_8000_0000_0000L, 0xffff_7fff_ffff_ffffL, 0x0100_0000_0000_0000L})
    void handlerThatIsNotCanonical_isAGeneralProtectionFault(long address) {
        assertThat(failure(longMode().gate(VECTOR, INTERRUPT_GATE, CODE, address)))
                .isEqualTo("#GP, error code 0x1: the handler's address is not canonical");
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0000_7fff_ffff_ffffL, 0xffff_8000_0000_0000L})
    void handlerAtTheEdgeOfTheCanonical_isEntered(long address) {
        assertThat(failure(longMode().gate(VECTOR, INTERRUPT_GATE, CODE, address))).isEqualTo("none");
    }

    @Test
    void fiveLevelsOfPaging_widenWhatIsCanonical() {
        CpuSample sample = longMode().gate(VECTOR, INTERRUPT_GATE, CODE, 0x00ff_8000_0000_0000L);

        assertThat(failure(sample)).startsWith("#GP");
        assertThat(failure(sample.cr4(LA57))).isEqualTo("none");
    }

    @Test
    void stackFault_precedesAHandlerThatIsNotCanonical() {
        assertThat(failure(longMode().gate(VECTOR, INTERRUPT_GATE, CODE, 1L << 60).stack(1L << 60))).startsWith("#SS");
    }

    @Test
    void handlerThatIsNotCanonical_precedesAPageFaultOfTheStack() {
        assertThat(failure(longMode().gate(VECTOR, INTERRUPT_GATE, CODE, 1L << 60).page(0x6fff, Page.ABSENT)))
                .startsWith("#GP");
    }

    @Test
    void handlerThatCannotBeFetched_isAPageFaultAfterItsEntry() {
        CpuSample absent = longMode().page(HANDLERS, Page.ABSENT);

        assertThat(failure(absent)).isEqualTo("#PF, error code 0x0: the page is not present");
        assertThat(Delivery.ofInterrupt(absent.state(), VECTOR).failsAfterEntry()).isTrue();
        assertThat(failure(absent.efer(NXE))).isEqualTo("#PF, error code 0x10: the page is not present");
        assertThat(failure(longMode().efer(NXE).page(HANDLERS, Page.ofRam(HANDLERS).asData())))
                .isEqualTo("#PF, error code 0x11: the page is not executable");
    }

    @Test
    void handlerInAPageOfRing3_cannotRunInRing0WithSmep() {
        assertThat(failure(longMode())).isEqualTo("none");
        assertThat(failure(longMode().cr4(SMEP)))
                .isEqualTo("#PF, error code 0x11: a page of ring 3, and CR4.SMEP is set");
    }

    @Test
    void handlerInAPageOfRing0_cannotRunInRing3() {
        assertThat(failure(longMode().inRing3()
                .descriptor(CODE, CODE_64 | RING_3)
                .page(HANDLERS, Page.ofRam(HANDLERS)))).isEqualTo("#PF, error code 0x5: a page of ring 0");
    }

    @Test
    void dataSegment_isShownWithItsDescriptor() {
        assertThat(last(longMode().descriptor(CODE, DATA_32)).evidence()).isEqualTo("0x08: 0x00cf93000000ffff");
    }
}
