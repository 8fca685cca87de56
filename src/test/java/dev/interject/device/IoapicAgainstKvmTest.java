package dev.interject.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.RequiresKvm;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Interject's IOAPIC with KVM's LAPIC behaves like KVM's IOAPIC: registers, statuses, deliveries to the LAPIC and
 * EOIs. Seeds work as in {@link Pic8259AgainstKvmTest}.
 *
 * <p>Not compared: <em>when</em> an EOI comes, at the handler's end or, as on some hosts, as soon as the CPU takes the
 * interrupt; both have happened before the states are compared.
 */
@RequiresKvm
class IoapicAgainstKvmTest {

    private static final long SEED = Long.getLong("interject.seed", 82093);
    private static final int SEQUENCES = 1_000;

    @AutoClose
    private final KernelIoapic kernels = new KernelIoapic();

    @AutoClose
    private final InterjectIoapic ours = new InterjectIoapic();

    @Test
    void randomSequence_leavesBothInTheSameStateAfterEveryOperation() {
        IoapicComparison comparison = new IoapicComparison(ours, kernels);

        for (long seed = SEED; seed < SEED + SEQUENCES; seed++) {
            comparison.play(IoapicSequence.of(seed));
        }

        System.out.printf(
                "IOAPICs, ours and the kernel's: %d sequences from -Dinterject.seed=%d, %d operations, %d interrupts%n",
                SEQUENCES, SEED, comparison.operations(), comparison.interrupts());
        assertThat(comparison.interrupts()).as("interrupts: the sequences are worth playing").isGreaterThan(SEQUENCES);
    }
}
