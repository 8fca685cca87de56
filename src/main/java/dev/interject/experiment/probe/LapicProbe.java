package dev.interject.experiment.probe;

import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.LapicRegisters;

/** Probes of the kernel's LAPIC, with a guest that never sends an EOI to it. */
final class LapicProbe {

    /** Vectors of three priority classes (bits 7:4) that no IOAPIC pin uses. */
    private static final int LOWER = 0x51;
    private static final int SERVED = 0x61;
    private static final int HIGHER = 0x71;

    private LapicProbe() {}

    /** The handler has ended without an EOI and the guest sleeps, so its vector must still be in the ISR. */
    static Finding keepsInService() {
        try (ProbedGuest guest = serving()) {
            LapicRegisters lapic = lapic(guest.lookAsleep());
            if (lapic.isInService(SERVED)) {
                return new Finding.Kept("vector 0x%x is in the ISR after its handler".formatted(SERVED));
            }
            int other = lapic.highestInService();
            return new Finding.Departs("before the EOI of vector 0x%x, the ISR %s".formatted(SERVED,
                    other < 0 ? "is empty" : "contains 0x%x instead".formatted(other)));
        }
    }

    /** Sends the lower vector first. Every host takes the higher one, so by then it could have taken the lower one. */
    static Finding holdsLowerPriority() {
        try (ProbedGuest guest = serving()) {
            guest.send(LOWER);
            guest.send(HIGHER);
            guest.awaitTaken(HIGHER);
            GuestState asleep = guest.lookAsleep();
            if (guest.count(LOWER) > 0) {
                return new Finding.Departs(
                        "0x%x was taken before the EOI of 0x%x".formatted(LOWER, SERVED));
            }
            if (!lapic(asleep).isRequested(LOWER)) {
                throw new ProbeFailedException("vector 0x%x is neither taken nor in the IRR".formatted(LOWER));
            }
            return new Finding.Kept("0x%x waits in the IRR for the EOI of 0x%x".formatted(LOWER, SERVED));
        }
    }

    private static ProbedGuest serving() {
        ProbedGuest guest = ProbedGuest.of(BuiltinGuest.APIC_NO_EOI.image());
        try {
            guest.start(1);
            guest.send(SERVED);
            guest.awaitTaken(SERVED);
            return guest;
        } catch (RuntimeException | Error failed) {
            guest.close();
            throw failed;
        }
    }

    private static LapicRegisters lapic(GuestState state) {
        return state.controllers().lapic().orElseThrow(() -> new ProbeFailedException("no LAPIC in the kernel"));
    }
}
