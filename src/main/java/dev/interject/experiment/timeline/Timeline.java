package dev.interject.experiment.timeline;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.machine.GuestClock;
import dev.interject.trace.HandlerSeen;
import dev.interject.trace.HostEvent;
import dev.interject.trace.Recording;
import dev.interject.trace.TimedEvent;

/**
 * A recorded run on one clock, {@link System#nanoTime()}.
 *
 * @param events           the host's events in the order of their beginnings; acknowledgements are part of the handlers
 * @param handlers         the guest's handlers in the order of their beginnings
 * @param vcpus            the number of vCPUs
 * @param recorded         the number of events recorded
 * @param dropped          the number of events that did not fit; all of them are later than the recorded ones
 * @param strayStamps      the number of the guest's stamps left out since the guest did not run at that time
 * @param uncertaintyNanos the largest error of a handler's times against the host's clock, in either direction
 */
public record Timeline(List<TimedEvent> events, List<HandlerRun> handlers, int vcpus, long recorded, long dropped,
        int strayStamps, long uncertaintyNanos) {

    /** An event comes before those that it contains. */
    private static final Comparator<TimedEvent> BY_BEGIN =
            Comparator.comparingLong(TimedEvent::begin).thenComparing(TimedEvent::end, Comparator.reverseOrder());

    /** Copies the lists. */
    public Timeline {
        events = List.copyOf(events);
        handlers = List.copyOf(handlers);
    }

    /** The timeline of a run that never had a machine. */
    public static Timeline empty() {
        return new Timeline(List.of(), List.of(), 0, 0, 0, 0, 0);
    }

    /**
     * Converts a recording to a timeline.
     *
     * @param clocks by vCPU; empty for a vCPU whose stamps cannot be converted
     * @param taken  by vector, the numbers of its interrupts in the order in which their handlers ran
     */
    public static Timeline of(Recording recording, List<Optional<GuestClock>> clocks, Map<Integer, int[]> taken) {
        HandlerMatcher handlers = new HandlerMatcher(recording.events(), clocks, taken);
        List<TimedEvent> events = recording.events()
                .stream()
                .filter(TimedEvent.class::isInstance)
                .map(TimedEvent.class::cast)
                .filter(event -> !(event instanceof HostEvent.HandlerAcknowledged))
                .sorted(BY_BEGIN)
                .toList();
        List<HandlerRun> seen = recording.events()
                .stream()
                .filter(HandlerSeen.class::isInstance)
                .map(event -> HandlerRun.of((HandlerSeen) event))
                .toList();
        List<HandlerRun> runs = Stream.concat(handlers.runs().stream(), seen.stream())
                .sorted(Comparator.comparingLong(HandlerRun::begin))
                .toList();
        return new Timeline(events, runs, clocks.size(), recording.events().size(), recording.dropped(),
                handlers.strayStamps(), handlers.uncertaintyNanos());
    }

    /** All injections, in order. */
    public List<HostEvent.Injected> injections() {
        return events.stream()
                .filter(HostEvent.Injected.class::isInstance)
                .map(HostEvent.Injected.class::cast)
                .toList();
    }

    /** The handlers whose interrupt is known, by the interrupt's number from 0. */
    public Map<Integer, HandlerRun> handlersByInterrupt() {
        return handlers.stream()
                .filter(run -> run.index().isPresent())
                .collect(Collectors.toMap(run -> run.index().getAsInt(), Function.identity(), (first, _) -> first));
    }

    /** The moment that times are relative to: the first injection, or the first event of a run without one. */
    public long zero() {
        return injections().stream()
                .mapToLong(HostEvent.Injected::begin)
                .findFirst()
                .orElseGet(() -> events.isEmpty() ? 0 : events.getFirst().begin());
    }

    /** The latest end of an event or a handler. */
    public long end() {
        long ofEvents = events.stream().mapToLong(TimedEvent::end).max().orElse(0);
        return handlers.stream()
                .flatMapToLong(run -> run.end().stream())
                .filter(end -> end - ofEvents > 0)
                .max()
                .orElse(ofEvents);
    }
}
