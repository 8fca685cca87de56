package dev.interject.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.RequiresKvm;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * The departures of Interject's IOAPIC from KVM's, side by side. The numbers are those in {@link Ioapic}; the third
 * would take 10,000 interrupts.
 *
 * <p>A failure on KVM's side means that this kernel has changed: then Interject has one departure less.
 */
@RequiresKvm
class IoapicDeparturesFromKvmTest {

    private static final int LEVEL = 1 << 15;
    private static final int VECTOR = 0x61;

    @AutoClose
    private final KernelIoapic kernels = new KernelIoapic();

    @AutoClose
    private final InterjectIoapic ours = new InterjectIoapic();

    private static void program(IoapicSubject ioapic, int pin, int value) {
        ioapic.write(Ioapic.INDEX, 4, Ioapic.REDIRECTION + 2 * pin);
        ioapic.write(Ioapic.DATA, 4, value);
    }

    // 1: an EOI affects level-triggered entries only

    @Test
    void edgeThatSharesItsVectorWithALevel_isResentAtTheEoiByKvmOnly() {
        shareAVector(ours);
        shareAVector(kernels);

        assertThat(ours.takeInterrupt()).isEqualTo(VECTOR);
        assertThat(kernels.takeInterrupt()).isEqualTo(VECTOR);

        assertThat(ours.takeInterrupt()).isEqualTo(ApicPuppet.NOTHING);
        assertThat(kernels.takeInterrupt()).isEqualTo(VECTOR);
    }

    /** The edge's pin stays high, the level's falls. */
    private static void shareAVector(IoapicSubject ioapic) {
        program(ioapic, 20, VECTOR);
        program(ioapic, 21, VECTOR | LEVEL);
        ioapic.raise(20);
        ioapic.raise(21);
        ioapic.lower(21);
    }

    // 2: pin 8 is like other pins

    @Test
    void secondClockTickBeforeTheEoi_coalescesInKvmOnly() {
        program(ours, 8, VECTOR);
        program(kernels, 8, VECTOR);

        assertThat(tick(ours)).isEqualTo(tick(kernels)).isEqualTo(1);

        assertThat(tick(ours)).isEqualTo(1);
        assertThat(tick(kernels)).isZero();
    }

    private static int tick(IoapicSubject ioapic) {
        int status = ioapic.raise(8);
        ioapic.lower(8);
        return status;
    }
}
