package dev.interject.experiment.probe;

import java.util.concurrent.locks.LockSupport;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestImage;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.IrqfdInjector;

/** A probe of the IOAPIC in the kernel. */
final class IoapicProbe {

    /** One that the 8259s do not have, so that they cannot be what acknowledges. */
    private static final int GSI = 20;
    private static final int VECTOR = 0x30 + GSI;

    /** For an eventfd that should be silent; the guest sleeps by then, so nothing is left to come. */
    private static final long SILENCE_NANOS = 10_000_000;
    /** For an eventfd that should speak. */
    private static final long PATIENCE_NANOS = 500_000_000;
    private static final long LOOK_AGAIN_NANOS = 100_000;

    private IoapicProbe() {}

    /** A guest that sends no EOI must leave the eventfd silent; that it can speak at all, one that does must show. */
    static Finding resamplesAtEoi() {
        if (isResampled(BuiltinGuest.APIC_NO_EOI.image(), SILENCE_NANOS)) {
            return new Finding.Departs("signalled though GSI %d's handler sent no EOI".formatted(GSI));
        }
        if (!isResampled(BuiltinGuest.APIC.image(), PATIENCE_NANOS)) {
            throw new ProbeFailedException("the resample eventfd is silent with an EOI as well");
        }
        return new Finding.Kept("silent until the EOI of GSI %d".formatted(GSI));
    }

    static boolean isResampled(GuestImage image, long patience) {
        try (ProbedGuest guest = ProbedGuest.of(image, GSI, Trigger.LEVEL)) {
            IrqfdInjector line = guest.machine().injectors().irqfd(GSI, Trigger.LEVEL);
            guest.start(1);
            line.inject();
            guest.awaitTaken(VECTOR);
            guest.lookAsleep();
            long deadline = System.nanoTime() + patience;
            boolean resampled = line.consumeResample();
            while (!resampled && deadline - System.nanoTime() > 0) {
                LockSupport.parkNanos(line, LOOK_AGAIN_NANOS);
                resampled = line.consumeResample();
            }
            return resampled;
        }
    }
}
