package dev.interject.experiment.probe;

import java.util.concurrent.locks.LockSupport;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.IrqfdInjector;

/** The probe of the kernel's IOAPIC. */
final class IoapicProbe {

    /** A pin that the 8259s do not have, so that their EOI cannot trigger the resample. */
    private static final int GSI = 20;
    private static final int VECTOR = 0x30 + GSI;

    /** How long an eventfd must stay unsignalled after the guest fell asleep. */
    private static final long SILENCE_NANOS = 10_000_000;
    /** How long to wait for an eventfd that must be signalled. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final long POLL_NANOS = 100_000;

    private IoapicProbe() {}

    /** A guest without an EOI must not signal the eventfd; a guest with one must, or the probe proves nothing. */
    static Finding resamplesAtEoi() {
        if (isResampled(BuiltinGuest.APIC_NO_EOI.image(), SILENCE_NANOS)) {
            return new Finding.Departs("signalled although the handler of GSI %d sent no EOI".formatted(GSI));
        }
        if (!isResampled(BuiltinGuest.APIC.image(), PATIENCE_NANOS)) {
            throw new ProbeFailedException("the resample eventfd is not signalled by an EOI either");
        }
        return new Finding.Kept("not signalled before the EOI of GSI %d".formatted(GSI));
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
                LockSupport.parkNanos(line, POLL_NANOS);
                resampled = line.consumeResample();
            }
            return resampled;
        }
    }
}
