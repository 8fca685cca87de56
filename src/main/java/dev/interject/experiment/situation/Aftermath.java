package dev.interject.experiment.situation;

import dev.interject.experiment.situation.RestWatch.Rest;

/**
 * What a guest did from a situation on, until it came to rest.
 *
 * @param counted what its handlers have counted since its start
 */
public record Aftermath(Rest rest, Counted counted) {

    /** Waits for a guest that runs, and does what the situation has happen later. */
    public static Aftermath of(StagedGuest guest) {
        Rest rest = new RestWatch(guest, guest.staging().timerNanos()).await();
        for (var later : guest.staging().later()) {
            if (rest == Rest.ASLEEP) {
                later.accept(guest);
                rest = new RestWatch(guest, 0).await();
            }
        }
        return new Aftermath(rest, Counted.by(guest.machine()));
    }
}
