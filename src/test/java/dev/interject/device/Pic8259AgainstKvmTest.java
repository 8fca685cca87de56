package dev.interject.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.RequiresKvm;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Our 8259 pair does what the one in the kernel does.
 *
 * <p>The first seed is the same in every run: a build that was green stays green until the code changes. To
 * look further, give another with {@code -Dinterject.seed=…}. Sequence n is made from seed + n, so that the one that
 * failed is the first when its own seed is given.
 */
@RequiresKvm
class Pic8259AgainstKvmTest {

    private static final long SEED = Long.getLong("interject.seed", 8259);
    private static final int SEQUENCES = 10_000;

    @AutoClose
    private final KernelPic kernels = new KernelPic();

    @Test
    void randomSequence_leavesBothInTheSameStateAfterEveryOperation() {
        PicComparison comparison = new PicComparison(new InterjectPic(), kernels);

        for (long seed = SEED; seed < SEED + SEQUENCES; seed++) {
            comparison.play(PicSequence.of(seed));
        }

        System.out.printf(
                "8259s, ours and the kernel's: %d sequences from -Dinterject.seed=%d, %d operations, %d interrupts%n",
                SEQUENCES, SEED, comparison.operations(), comparison.interrupts());
        assertThat(comparison.interrupts()).as("interrupts: the sequences are worth playing")
                .isGreaterThan(3 * SEQUENCES);
    }
}
