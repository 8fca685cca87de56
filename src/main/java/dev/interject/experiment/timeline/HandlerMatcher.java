package dev.interject.experiment.timeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.interject.machine.GuestClock;
import dev.interject.trace.HandlerStamp;
import dev.interject.trace.HostEvent;
import dev.interject.trace.TraceEvent;

/**
 * Builds handler runs from stamps: it matches entries with exits, and acknowledgements with interrupts. The guest may
 * write anything into its stamps; impossible ones are left out.
 */
final class HandlerMatcher {

    private record Place(int vcpu, int vector) {}

    /** A handler that was entered, by the guest's clock. */
    private static final class Entered {

        private final Place place;
        private final long counter;
        private OptionalLong left = OptionalLong.empty();
        private OptionalLong acknowledgedAt = OptionalLong.empty();
        private OptionalInt index = OptionalInt.empty();

        private Entered(Place place, long counter) {
            this.place = place;
            this.counter = counter;
        }

        private HandlerRun on(GuestClock clock) {
            OptionalLong end = left.isPresent() ? OptionalLong.of(clock.nanos(left.getAsLong())) : OptionalLong.empty();
            return new HandlerRun(place.vcpu(), place.vector(), clock.nanos(counter), end, acknowledgedAt, index);
        }
    }

    private final List<Optional<GuestClock>> clocks;
    private final Map<Integer, int[]> taken;
    private final List<Entered> all = new ArrayList<>();
    private final Map<Place, Entered> latest = new HashMap<>();
    private final Map<Integer, Integer> acknowledgements = new HashMap<>();
    private int strayStamps;

    /**
     * @param clocks by vCPU; empty for a vCPU whose stamps cannot be converted
     * @param taken  by vector, the numbers of its interrupts in the order in which their handlers ran
     */
    HandlerMatcher(List<TraceEvent> events, List<Optional<GuestClock>> clocks, Map<Integer, int[]> taken) {
        this.clocks = clocks;
        this.taken = taken;
        for (TraceEvent event : events) {
            if (event instanceof HandlerStamp stamp) {
                add(stamp);
            } else if (event instanceof HostEvent.HandlerAcknowledged acknowledgement) {
                add(acknowledgement);
            }
        }
    }

    /** In the order of their beginnings. */
    List<HandlerRun> runs() {
        return all.stream()
                .map(one -> one.on(clockOf(one)))
                .sorted(Comparator.comparingLong(HandlerRun::begin))
                .toList();
    }

    /** The number of stamps with a time at which the guest did not run. */
    int strayStamps() {
        return strayStamps;
    }

    long uncertaintyNanos() {
        return all.stream().mapToLong(one -> clockOf(one).uncertaintyNanos(one.counter)).max().orElse(0);
    }

    private GuestClock clockOf(Entered handler) {
        return clocks.get(handler.place.vcpu()).orElseThrow(); // without a clock, all stamps are strays
    }

    private void add(HandlerStamp stamp) {
        Place place = new Place(stamp.vcpu(), stamp.vector());
        Entered last = latest.get(place);
        if (!clocks.get(stamp.vcpu()).map(clock -> clock.covers(stamp.counter())).orElse(false)) {
            strayStamps++;
        } else if (stamp.entered()) {
            Entered begun = new Entered(place, stamp.counter());
            all.add(begun);
            latest.put(place, begun);
        } else if (last != null && last.left.isEmpty() && stamp.counter() - last.counter >= 0) {
            // a stamp from before the entry belongs to the previous handler
            last.left = OptionalLong.of(stamp.counter());
        }
    }

    private void add(HostEvent.HandlerAcknowledged acknowledgement) {
        int vector = acknowledgement.vector();
        int number = acknowledgements.merge(vector, 1, Integer::sum) - 1;
        int[] indexes = taken.getOrDefault(vector, new int[0]);
        Entered handler = latest.get(new Place(acknowledgement.vcpu(), vector));
        if (handler != null) { // a guest may acknowledge a vector for which it has no handler
            handler.acknowledgedAt = OptionalLong.of(acknowledgement.begin());
            handler.index = number < indexes.length ? OptionalInt.of(indexes[number]) : OptionalInt.empty();
        }
    }
}
