package dev.interject.experiment.probe;

import dev.interject.guest.GuestImage;
import dev.interject.interrupt.Injector;
import dev.interject.interrupt.Trigger;

/** Probes of how the vCPU takes interrupts, by guests made for them ({@code ProbeGuest}). */
final class CpuProbe {

    private static final int LINE = 10;
    private static final int LINE_VECTOR = 0x2a;

    // guest/probe-sti-window.S and guest/probe-int-n.S have the same numbers
    static final int WINDOWS = 16;
    static final int SOFTWARE_VECTOR = 0x50;

    private CpuProbe() {}

    /**
     * The line is pulsed before each window, while the guest waits with IF=0. What a window misses must be taken at HLT
     * in the end, or the line was not pending at all.
     */
    static Finding takesAfterSti(GuestImage image) {
        try (ProbedGuest guest = ProbedGuest.of(image, LINE, Trigger.EDGE)) {
            Injector line = guest.machine().injectors().kernelLine(LINE, Trigger.EDGE);
            guest.atReady(line::inject);
            guest.start(WINDOWS + 1);
            guest.awaitTaken(LINE_VECTOR);
            guest.lookAsleep();
            int inWindows = guest.takenBeforeReady();
            if (guest.count(LINE_VECTOR) != inWindows + 1) {
                throw new ProbeBroke("the interrupt that waited was not taken at HLT either");
            }
            String evidence = "taken in %d of %d windows of sti; nop; nop".formatted(inWindows, WINDOWS);
            return inWindows == WINDOWS ? new Finding.Kept(evidence) : new Finding.Departs(evidence);
        }
    }

    /** Any end but the handler is a departure: the guest has just shown that all else of it works. */
    static Finding callsBySoftwareInterrupt(GuestImage image) {
        try (ProbedGuest guest = ProbedGuest.of(image)) {
            guest.start(1);
            return guest.isTakenBeforeEnd(SOFTWARE_VECTOR)
                    ? new Finding.Kept("int 0x%x reached its handler".formatted(SOFTWARE_VECTOR))
                    : new Finding.Departs("int 0x%x: %s".formatted(SOFTWARE_VECTOR, guest.end()));
        }
    }
}
