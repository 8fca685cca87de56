package dev.interject.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Collections;
import java.util.List;

import dev.interject.RequiresKvm;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The comparison with KVM's IOAPIC can fail, and reports enough when it does. Interject's plays both parts. */
@RequiresKvm
class IoapicComparisonTest {

    private static final IoapicSequence SEQUENCE = new IoapicSequence(42,
            new IoapicState(0, Collections.nCopies(24, Redirection.RESET)),
            List.of(new IoapicOperation.Write(Ioapic.INDEX, 4, 0x24), new IoapicOperation.Write(Ioapic.DATA, 4, 0x4a),
                    new IoapicOperation.Raise(10), new IoapicOperation.TakeInterrupt(),
                    new IoapicOperation.Read(Ioapic.DATA, 4)));

    @AutoClose
    private final InterjectIoapic one = new InterjectIoapic();

    @Test
    void ioapicsThatAgree_pass() {
        try (InterjectIoapic another = new InterjectIoapic()) {
            IoapicComparison comparison = new IoapicComparison(one, another);

            assertThatCode(() -> comparison.play(SEQUENCE)).doesNotThrowAnyException();
            assertThat(comparison.operations()).isEqualTo(5);
            assertThat(comparison.interrupts()).isEqualTo(1);
        }
    }

    @Test
    void differentState_isReportedWithSeedSequenceAndBothStates() {
        try (InterjectIoapic deaf = new InterjectIoapic() {
            @Override
            public int raise(int pin) {
                return 1;
            }
        }) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> new IoapicComparison(one, deaf).play(SEQUENCE))
                    .withMessageContainingAll("-Dinterject.seed=42\n", "   1  write 0x4a to offset 0x10, 4 bytes\n",
                            ">  2  raise pin 10\n", "   3  take the interrupt\n",
                            "LAPIC's irr [74], 10: 000000000000004a",
                            "LAPIC's irr [], 10: 000000000000004a");
        }
    }

    @Test
    void differentResult_isReported() {
        try (InterjectIoapic liar = new InterjectIoapic() {
            @Override
            public long read(long offset, int width) {
                return 0x55;
            }
        }) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> new IoapicComparison(one, liar).play(SEQUENCE))
                    .withMessageContainingAll(">  4  read offset 0x10, 4 bytes\n", "answer=74", "answer=85");
        }
    }

    @Test
    void sequence_isMadeFromItsSeedAlone() {
        assertThat(IoapicSequence.of(7)).isEqualTo(IoapicSequence.of(7)).isNotEqualTo(IoapicSequence.of(8));
    }
}
