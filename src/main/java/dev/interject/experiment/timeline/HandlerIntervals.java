package dev.interject.experiment.timeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.machine.GuestClock;
import dev.interject.trace.HandlerStamp;
import dev.interject.trace.HostEvent;
import dev.interject.trace.TraceEvent;

/**
 * Puts the stamps of handlers together: which left belongs to which entered, and which interrupt it was for. A guest
 * may write what it likes there; what cannot be is left out.
 */
final class HandlerIntervals {

    private record Place(int vcpu, int vector) {}

    private final List<Optional<GuestClock>> clocks;
    private final Map<Integer, int[]> taken;
    private final List<HandlerInterval> all = new ArrayList<>();
    private final Map<Place, HandlerInterval> latest = new HashMap<>();
    private final Map<Integer, Integer> heard = new HashMap<>();
    private int strays;

    private HandlerIntervals(List<Optional<GuestClock>> clocks, Map<Integer, int[]> taken) {
        this.clocks = clocks;
        this.taken = taken;
    }

    /**
     * @param clocks by vCPU
     * @param taken  by vector, the indexes of its interrupts, in the order in which their handlers ran
     */
    static HandlerIntervals of(List<TraceEvent> events, List<Optional<GuestClock>> clocks, Map<Integer, int[]> taken) {
        HandlerIntervals passages = new HandlerIntervals(clocks, taken);
        for (TraceEvent event : events) {
            if (event instanceof HandlerStamp stamp) {
                passages.stamp(stamp);
            } else if (event instanceof HostEvent.HandlerAcknowledged word) {
                passages.hear(word);
            }
        }
        return passages;
    }

    List<HandlerInterval> all() {
        return all;
    }

    /** How many stamps are of a time at which the guest did not run. */
    int strays() {
        return strays;
    }

    GuestClock clockOf(HandlerInterval passage) {
        return clocks.get(passage.vcpu()).orElseThrow(); // without one, all its stamps are strays
    }

    private void stamp(HandlerStamp stamp) {
        Place place = new Place(stamp.vcpu(), stamp.vector());
        if (!clocks.get(stamp.vcpu()).map(clock -> clock.covers(stamp.counter())).orElse(false)) {
            strays++;
        } else if (stamp.entered()) {
            HandlerInterval begun = new HandlerInterval(stamp.vcpu(), stamp.vector(), stamp.counter());
            all.add(begun);
            latest.put(place, begun);
        } else if (latest.containsKey(place)) {
            latest.get(place).leave(stamp.counter());
        }
    }

    private void hear(HostEvent.HandlerAcknowledged word) {
        int number = heard.merge(word.vector(), 1, Integer::sum) - 1;
        int[] indexes = taken.getOrDefault(word.vector(), new int[0]);
        HandlerInterval passage = latest.get(new Place(word.vcpu(), word.vector()));
        if (passage != null) { // a guest may ring for a vector whose handler it has none of
            passage.hear(word.begin(), number < indexes.length ? OptionalInt.of(indexes[number]) : OptionalInt.empty());
        }
    }
}
