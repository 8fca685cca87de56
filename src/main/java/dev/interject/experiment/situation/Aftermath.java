package dev.interject.experiment.situation;

import java.util.OptionalLong;

import dev.interject.experiment.situation.RestWatch.Rest;

/**
 * What a guest did from a situation on, until it came to rest.
 *
 * @param counted   what its handlers have counted since its start
 * @param misplaced whether it took the interrupt at another instruction than the situation allows
 */
public record Aftermath(Rest rest, Counted counted, boolean misplaced) {

    /** Where the guests' first stack frame has RIP, below the stack's top: SS, RSP, RFLAGS and CS are above it. */
    private static final int FRAME_RIP = -40;

    /** Waits for a guest that runs, and does what the situation has happen later. */
    public static Aftermath of(StagedGuest guest) {
        Rest rest = new RestWatch(guest, guest.timerNanos()).await();
        for (var later : guest.staging().later()) {
            if (rest == Rest.ASLEEP) {
                later.accept(guest);
                rest = new RestWatch(guest, 0).await();
            }
        }
        return new Aftermath(rest, Counted.by(guest.machine()), isMisplaced(guest));
    }

    private static boolean isMisplaced(StagedGuest guest) {
        OptionalLong wanted = guest.staging().returnAddress(guest);
        return wanted.isPresent()
                && guest.machine().memory().readLong(guest.address("stack_top") + FRAME_RIP) != wanted.getAsLong();
    }
}
