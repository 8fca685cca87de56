package dev.interject.interrupt.gate;

import java.util.List;

import dev.interject.device.PitAccess;
import dev.interject.device.PitChannel;
import dev.interject.device.PitState;

/** An 8254 as KVM shows it. */
final class PitSample {

    private static final PitChannel RESET = new PitChannel(PitChannel.LARGEST_COUNT, PitChannel.NO_MODE, false, true, 0,
            new PitAccess(0, 0, 0, 0, 0, 0, false, 0));

    private PitSample() {}

    static PitState notProgrammed() {
        return timer(RESET);
    }

    /** Periodic, 100 times a second. */
    static PitState armed() {
        return timer(counting(2, 11_932));
    }

    static PitChannel counting(int mode, int count) {
        return RESET.withMode(mode).withCount(count);
    }

    static PitState timer(PitChannel channel) {
        return new PitState(List.of(channel, RESET, RESET), 0);
    }
}
