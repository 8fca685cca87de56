package dev.interject.interrupt.delivery;

import static dev.interject.interrupt.delivery.CpuSample.realMode;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Intel SDM vol. 2A, "INT n", operation, REAL-ADDRESS-MODE; vol. 3B, "Interrupt and Exception Handling" (8086). */
class RealModeDeliveryTest {

    private static final int VECTOR = 0x41;

    private static String failure(CpuSample sample) {
        return Delivery.ofInterrupt(sample.state(), VECTOR).failure().map(Failure::toString).orElse("none");
    }

    @Test
    void interrupt_pushesSixBytesOnTheCurrentStack() {
        Delivery delivery = Delivery.ofInterrupt(realMode().state(), VECTOR);

        assertThat(delivery.steps()).extracting(Step::kind)
                .containsExactly(StepKind.ENTRY, StepKind.FRAME, StepKind.HANDLER);
        assertThat(delivery.handler().stack()).isEqualTo(CpuSample.STACK - 6);
    }

    @Test
    void exception_pushesNoErrorCode() {
        assertThat(Delivery.ofException(realMode().state(), 13).handler().stack()).isEqualTo(CpuSample.STACK - 6);
    }

    @ParameterizedTest
    @CsvSource({"0, 0xfffa", "2, 0xfffc", "4, 0xfffe"})
    void stackPointer_wrapsAt64KiB(long sp, String after) {
        assertThat(Delivery.ofInterrupt(realMode().stack(sp).state(), VECTOR).handler().stack())
                .isEqualTo(Long.decode(after));
    }

    /** A word at 0xffff crosses the segment's limit. */
    @ParameterizedTest
    @ValueSource(longs = {1, 3, 5})
    void wordAtTheEndOfTheStackSegment_isAStackFaultWithoutErrorCode(long sp) {
        assertThat(failure(realMode().stack(sp))).isEqualTo("#SS: outside the stack segment");
    }

    @Test
    void oddStackPointerAboveTheFrame_hasRoom() {
        assertThat(failure(realMode().stack(7))).isEqualTo("none");
    }

    @Test
    void handlerBeyondRam_isNoException() {
        assertThat(failure(realMode().vector(VECTOR, 0x1000, 0))).startsWith("there is no RAM");
        assertThat(failure(realMode().vector(VECTOR, 0x0fff, 0xf))).isEqualTo("none");
    }

    @Test
    void stackBeyondRam_isNoException() {
        assertThat(failure(realMode().ss(CpuSample.realSegment(0x1000)))).startsWith("there is no RAM");
    }

    @Test
    void segments_areNotLookedUp() {
        assertThat(failure(realMode().gdtLimit(0))).isEqualTo("none");
    }
}
