package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.CODE_DESCRIPTOR;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Intel SDM vol. 3A, "64-Bit Mode Stack Frame", "Stack Switching in IA-32e Mode"; vol. 2A, "IRET". */
class StackGatesTest {

    private static final long DATA_DESCRIPTOR = 0x00cf93000000ffffL;
    private static final Page WRITABLE = new Page(true, true, false, true);

    private static GatePath path(GuestStateSample sample) {
        return Gates.ofVector(sample.on(Irqchip.USERSPACE).state(), 0x41);
    }

    private static Optional<GateKind> closed(GuestStateSample sample) {
        return path(sample).firstThatIsNotOpen().map(Gate::kind);
    }

    @ParameterizedTest
    @CsvSource({"0x5000, OPEN", "0x5028, OPEN", "0x5010, BREAKS", "0x502f, OPEN", "0x6000, OPEN", "0x6001, OPEN",
        "0x6010, BREAKS"})
    void frame_isTheFortyBytesBelowTheAlignedStackPointer(String rsp, Verdict verdict) {
        // pages 4 and 5 are mapped, 3 and 6 are not; the frame of 0x5010 lies in page 4 and 5
        GuestStateSample sample = open().rsp(Long.decode(rsp))
                .page(0x3000, Page.ABSENT)
                .page(0x4000, rsp.equals("0x5010") ? Page.ABSENT : WRITABLE)
                .page(0x5000, WRITABLE)
                .page(0x6000, Page.ABSENT);

        assertThat(closed(sample)).isEqualTo(
                verdict == Verdict.OPEN ? Optional.empty() : Optional.of(GateKind.STACK_PAGE));
    }

    @Test
    void interruptOfRing3_usesTheStackOfRing0() {
        byte[] tss = new byte[104];
        tss[5] = 0x50; // RSP0 = 0x5000

        assertThat(path(open().inRing(3)
                .ss(0x13)
                .gdt(0, CODE_DESCRIPTOR, DATA_DESCRIPTOR | 3L << 45)
                .tss(tss)
                .page(0x4000, WRITABLE)).gates()).extracting(Gate::place).contains("TSS, stack", "stack, RSP0");
        assertThat(closed(open().inRing(3).tss(tss).page(0x4000, Page.ABSENT))).hasValue(GateKind.STACK_PAGE);
        assertThat(closed(open().inRing(3))).hasValue(GateKind.STACK);
    }

    @ParameterizedTest
    @CsvSource({"0x00, 0, true", "0x10, 0, true", "0x13, 3, true", "0x10, 3, false", "0x08, 0, false",
        "0x18, 0, false", "0x00, 3, false", "0x14, 0, false"})
    void returnFromTheHandler_loadsSs(String selector, int ring, boolean works) {
        GuestStateSample sample = open().inRing(ring)
                .ss(Integer.decode(selector))
                .gdt(0, CODE_DESCRIPTOR, DATA_DESCRIPTOR | (long) ring << 45);
        byte[] tss = new byte[104];
        tss[5] = 0x50;

        assertThat(closed(sample.tss(tss))).isEqualTo(works ? Optional.empty() : Optional.of(GateKind.RETURN));
    }

    @Test
    void readOnlyPage_isWritableForRing0WithoutWriteProtection() {
        Page readOnly = new Page(true, false, false, true);

        assertThat(closed(open().rsp(0x5000).page(0x4fff, readOnly))).isEmpty();
    }
}
