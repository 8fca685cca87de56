package dev.interject.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;

import org.junit.jupiter.api.Test;

/** The comparison with KVM's 8259s can fail, and reports enough when it does. Interject's play both parts. */
class PicComparisonTest {

    private static final PicState RESET = new PicState(0, 0, 0, 0, 0, 0, false, false, false, 0, false, false, false,
            false, 0, 0xf8);
    private static final PicSequence SEQUENCE = new PicSequence(42, RESET, RESET, List.of(new PicOperation.Raise(5),
            new PicOperation.TakeInterrupt(), new PicOperation.Write(0x20, 0x20), new PicOperation.Read(0x21)));

    private final InterjectPic one = new InterjectPic();

    @Test
    void pairsThatAgree_pass() {
        PicComparison comparison = new PicComparison(one, new InterjectPic());

        assertThatCode(() -> comparison.play(SEQUENCE)).doesNotThrowAnyException();
        assertThat(comparison.operations()).isEqualTo(4);
        assertThat(comparison.interrupts()).isEqualTo(1);
    }

    @Test
    void differentState_isReportedWithSeedSequenceAndBothStates() {
        PicComparison comparison = new PicComparison(one, new InterjectPic() {
            @Override
            public void write(int port, int value) {
                // ignores all writes
            }
        });

        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> comparison.play(SEQUENCE))
                .withMessageContainingAll("-Dinterject.seed=42\n", "   0  raise line 5\n", ">  2  write 0x20 to 0x20\n",
                        "   3  read 0x21\n",
                        "  master.lastIrr                     0     20     20       20\n",
                        "> master.isr                         0     20      0       20\n");
    }

    @Test
    void differentResult_isReported() {
        PicComparison comparison = new PicComparison(one, new InterjectPic() {
            @Override
            public int read(int port) {
                return 0x55;
            }
        });

        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> comparison.play(SEQUENCE))
                .withMessageContainingAll(">  3  read 0x21\n",
                        "> the answer                                       0       55\n");
    }

    @Test
    void interruptThatOnlyOneDelivers_isReported() {
        PicComparison comparison = new PicComparison(one, new InterjectPic() {
            @Override
            public int takeInterrupt() {
                return NO_INTERRUPT;
            }
        });

        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> comparison.play(SEQUENCE))
                .withMessageContainingAll(">  1  lower line 0, take the interrupt\n",
                        "> the answer                                       5       -1\n");
    }

    @Test
    void sequence_isMadeFromItsSeedAlone() {
        assertThat(PicSequence.of(7)).isEqualTo(PicSequence.of(7)).isNotEqualTo(PicSequence.of(8));
    }
}
