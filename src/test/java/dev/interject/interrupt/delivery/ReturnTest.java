package dev.interject.interrupt.delivery;

import static dev.interject.interrupt.delivery.CpuSample.CODE;
import static dev.interject.interrupt.delivery.CpuSample.CODE_32;
import static dev.interject.interrupt.delivery.CpuSample.CODE_64;
import static dev.interject.interrupt.delivery.CpuSample.DATA;
import static dev.interject.interrupt.delivery.CpuSample.DATA_32;
import static dev.interject.interrupt.delivery.CpuSample.HANDLERS;
import static dev.interject.interrupt.delivery.CpuSample.PRESENT;
import static dev.interject.interrupt.delivery.CpuSample.RING_3;
import static dev.interject.interrupt.delivery.CpuSample.USER_CODE;
import static dev.interject.interrupt.delivery.CpuSample.USER_DATA;
import static dev.interject.interrupt.delivery.CpuSample.longMode;
import static dev.interject.interrupt.delivery.CpuSample.protectedMode;
import static dev.interject.interrupt.delivery.CpuSample.realMode;
import static dev.interject.interrupt.delivery.CpuSample.virtual8086;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.interrupt.state.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Intel SDM vol. 2A, "IRET/IRETD/IRETQ", operation and exceptions. */
class ReturnTest {

    private static final int VECTOR = 0x41;
    private static final int OTHER_CODE = 0x30;
    private static final long CODE_TYPE = 1L << 43;
    private static final long WRITABLE = 1L << 41;
    private static final long D = 1L << 54;
    private static final long L = 1L << 53;

    /** What the IRET of the handler raises; the gate leads to a segment of its own. */
    private static String failure(CpuSample sample, long handlerSegment, HostRules rules) {
        CpuSample own = sample.descriptor(OTHER_CODE, handlerSegment)
                .gate(VECTOR, 0x8e, OTHER_CODE, HANDLERS);
        return failureOf(own, rules).map(Failure::toString).orElse("none");
    }

    private static Optional<Failure> failureOf(CpuSample sample, HostRules rules) {
        return new Return(sample.state(), Delivery.ofInterrupt(sample.state(), VECTOR), rules).failure();
    }

    private static String failure(CpuSample sample, long handlerSegment) {
        return failure(sample, handlerSegment, HostRules.OF_THE_MANUALS);
    }

    private static String ofLongMode(CpuSample sample) {
        return failure(sample, CODE_64);
    }

    private static String ofLongMode(CpuSample sample, Departure departure) {
        return failure(sample, CODE_64, HostRules.OF_THE_MANUALS.with(departure));
    }

    private static String ofProtectedMode(CpuSample sample) {
        return failure(sample, CODE_32);
    }

    @Test
    void intactFrame_letsTheHandlerReturn() {
        assertThat(ofLongMode(longMode())).isEqualTo("none");
        assertThat(ofLongMode(longMode().inRing3())).isEqualTo("none");
        assertThat(ofProtectedMode(protectedMode())).isEqualTo("none");
        assertThat(ofProtectedMode(protectedMode().inRing3())).isEqualTo("none");
    }

    @Test
    void codeSegmentThatIsGone_isAGeneralProtectionFaultOfTheHandler() {
        assertThat(ofLongMode(longMode().descriptor(CODE, 0)))
                .isEqualTo("#GP, error code 0x8: CS is not a code segment");
        assertThat(ofLongMode(longMode().cs(0x80)))
                .isEqualTo("#GP, error code 0x80: the GDT ends before this selector");
        assertThat(ofLongMode(longMode().cs(0))).isEqualTo("#GP, error code 0x0: CS is null");
        assertThat(ofProtectedMode(protectedMode().descriptor(CODE, CODE_32 & ~CODE_TYPE)))
                .isEqualTo("#GP, error code 0x8: CS is not a code segment");
        assertThat(ofLongMode(longMode().descriptor(CODE, CODE_64 & ~PRESENT)))
                .isEqualTo("#NP, error code 0x8: CS is not present");
        assertThat(ofLongMode(longMode().inRing3().descriptor(USER_CODE, CODE_64)))
                .isEqualTo("#GP, error code 0x18: CS names another ring than its descriptor");
        assertThat(ofLongMode(longMode().descriptor(CODE, CODE_64 | D)))
                .isEqualTo("#GP, error code 0x8: CS is both of 64 and of 32 bits");
    }

    /** 64-bit mode: rings 0 to 2 may have a null SS whose RPL is that of CS. */
    @ParameterizedTest
    @CsvSource({"0, 0x00, none", "0, 0x01, '#GP, error code 0x0: SS is null, with another ring than the code'",
        "3, 0x03, '#GP, error code 0x0: SS is null: ring 3 needs one'"})
    void nullStackSegment_isAllowedInInnerRingsOf64Bits(int ring, String selector, String expected) {
        CpuSample sample = ring == 3 ? longMode().inRing3() : longMode();

        assertThat(ofLongMode(sample.ss(Integer.decode(selector)))).isEqualTo(expected);
    }

    @Test
    void nullStackSegment_isNotAllowedInCompatibilityMode() {
        assertThat(ofLongMode(longMode().inRing3().descriptor(USER_CODE, CODE_64 & ~L | D | RING_3).ss(3)))
                .isEqualTo("#GP, error code 0x0: SS is null, and the code is not of 64 bits");
    }

    @ParameterizedTest
    @CsvSource({"0x10, none", "0x13, '#GP, error code 0x10: SS is of another ring than the code'",
        "0x08, '#GP, error code 0x8: SS is not a writable data segment'",
        "0x80, '#GP, error code 0x80: the GDT ends before this selector'",
        "0x14, '#GP, error code 0x14: there is no LDT'"})
    void stackSegment_isLoadedByIretq(String selector, String expected) {
        assertThat(ofLongMode(longMode().ss(Integer.decode(selector)))).isEqualTo(expected);
    }

    @Test
    void stackSegmentThatIsNotPresent_isAStackFault() {
        assertThat(ofLongMode(longMode().descriptor(DATA, DATA_32 & ~PRESENT)))
                .isEqualTo("#SS, error code 0x10: SS is not present");
        assertThat(ofLongMode(longMode().descriptor(DATA, DATA_32 & ~WRITABLE)))
                .isEqualTo("#GP, error code 0x10: SS is not a writable data segment");
    }

    /** As Intel's list of exceptions has it; what is checked before that is the same. */
    @Test
    void stackSegmentThatIsNotPresent_isASegmentNotPresentFaultWhereTheHostDeparts() {
        long absent = DATA_32 & ~PRESENT;

        assertThat(ofLongMode(longMode().descriptor(DATA, absent), Departure.NP_FOR_ABSENT_STACK))
                .isEqualTo("#NP, error code 0x10: SS is not present");
        assertThat(ofLongMode(longMode().descriptor(DATA, absent | RING_3), Departure.NP_FOR_ABSENT_STACK))
                .isEqualTo("#GP, error code 0x10: SS is of another ring than the code");
        assertThat(failure(protectedMode().inRing3().descriptor(USER_DATA, absent | RING_3), CODE_32,
                HostRules.OF_THE_MANUALS.with(Departure.NP_FOR_ABSENT_STACK)))
                .isEqualTo("#NP, error code 0x20: SS is not present");
    }

    @Test
    void nullStackSegmentOfAnotherRing_isTakenWhereTheHostDeparts() {
        assertThat(ofLongMode(longMode().ss(1), Departure.ANY_NULL_STACK)).isEqualTo("none");
        assertThat(ofLongMode(longMode().ss(3), Departure.ANY_NULL_STACK)).isEqualTo("none");
        assertThat(ofLongMode(longMode().inRing3().ss(3), Departure.ANY_NULL_STACK))
                .isEqualTo("#GP, error code 0x0: SS is null: ring 3 needs one");
        assertThat(ofLongMode(longMode().ss(0x13), Departure.ANY_NULL_STACK))
                .isEqualTo("#GP, error code 0x10: SS is of another ring than the code");
    }

    /** Outside long mode, IRET loads SS only where it changes the ring. */
    @Test
    void stackSegmentOfProtectedMode_isLoadedForAnOuterRingOnly() {
        assertThat(ofProtectedMode(protectedMode().ss(0x80))).isEqualTo("none");
        assertThat(ofProtectedMode(protectedMode().inRing3().ss(0x83)))
                .isEqualTo("#GP, error code 0x80: the GDT ends before this selector");
        assertThat(ofProtectedMode(protectedMode().inRing3().descriptor(USER_DATA, DATA_32)))
                .isEqualTo("#GP, error code 0x20: SS is of another ring than the code");
        assertThat(ofProtectedMode(protectedMode().inRing3().ss(0)))
                .isEqualTo("#GP, error code 0x0: SS is null, and the code is not of 64 bits");
    }

    @Test
    void instructionPointer_isInItsSegmentOrCanonical() {
        assertThat(ofProtectedMode(protectedMode().descriptor(CODE, 0x0040_9b00_0000_8fffL)))
                .isEqualTo("#GP, error code 0x0: EIP is beyond the limit of CS");
        assertThat(ofLongMode(longMode().next(1L << 50))).isEqualTo("#GP, error code 0x0: RIP is not canonical");
    }

    @Test
    void instructionThatCannotBeFetched_isAPageFaultInItsOwnRing() {
        assertThat(ofLongMode(longMode().page(CpuSample.NEXT, Page.ABSENT)))
                .isEqualTo("#PF, error code 0x0: the page is not present");
        assertThat(ofLongMode(longMode().inRing3().page(CpuSample.NEXT, Page.ofRam(0x9000))))
                .isEqualTo("#PF, error code 0x5: a page of ring 0");
    }

    @Test
    void handlerOfALessPrivilegedRing_cannotReturn() {
        CpuSample sample = protectedMode().inRing3().cs(USER_CODE & ~3 | 3);

        assertThat(failure(sample, CODE_32 | RING_3)).isEqualTo("none");
    }

    @Test
    void gateOf16Bits_losesTheUpperHalfOfEip() {
        CpuSample low = protectedMode().gate(VECTOR, 0x86, CODE, HANDLERS);
        CpuSample high = protectedMode().gate(VECTOR, 0x86, CODE, HANDLERS).next(0x12345);

        assertThat(failureOf(low, HostRules.OF_THE_MANUALS)).isEmpty();
        assertThat(failureOf(high, HostRules.OF_THE_MANUALS))
                .hasToString("Optional[a 16-bit gate saves 16 bits of EIP and ESP]");
    }

    /** Intel SDM vol. 2A, "IRET/IRETD/IRETQ": VM is bit 17 of EFLAGS, which 16 bits do not hold. */
    @Test
    void gateOf16Bits_doesNotReturnToVirtual8086Mode() {
        CpuSample beyond = virtual8086().gate(VECTOR, 0x86, CODE, HANDLERS);
        CpuSample valid = virtual8086().gate(VECTOR, 0x86, CODE, HANDLERS).cs(CODE);

        assertThat(failureOf(beyond, HostRules.OF_THE_MANUALS))
                .hasValueSatisfying(failure -> assertThat(failure).hasToString(
                        "#GP, error code 0x900: the GDT ends before this selector"));
        assertThat(failureOf(valid, HostRules.OF_THE_MANUALS))
                .hasValueSatisfying(failure -> assertThat(failure).hasToString(
                        "a 16-bit gate saves 16 bits of EFLAGS, without VM"));
    }

    @Test
    void realAndVirtual8086Mode_loadNoDescriptor() {
        CpuSample real = realMode().gdtLimit(0).cs(0x80);
        CpuSample virtual = virtual8086();

        assertThat(failureOf(real, HostRules.OF_THE_MANUALS)).isEmpty();
        assertThat(failureOf(virtual, HostRules.OF_THE_MANUALS)).isEmpty();
    }
}
