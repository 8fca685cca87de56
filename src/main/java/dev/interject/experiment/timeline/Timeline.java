package dev.interject.experiment.timeline;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.machine.GuestClock;
import dev.interject.trace.HostEvent;
import dev.interject.trace.Recording;
import dev.interject.trace.TimedEvent;
import dev.interject.trace.TraceEvent;

/**
 * A recorded run on one clock, {@link System#nanoTime()}.
 *
 * @param events           what the host saw, by when it began; the words that it heard are told with the handlers
 * @param handlers         the guest's handlers, by when they were entered
 * @param vcpus            how many vCPUs there are
 * @param recorded         how many events were recorded
 * @param dropped          how many came when there was no room left, later than all that are here
 * @param strayStamps      how many of the guest's stamps are of a time at which it did not run; none of them is here
 * @param uncertaintyNanos by how much a handler's times may be wrong, either way, beside the host's
 */
public record Timeline(List<TimedEvent> events, List<HandlerRun> handlers, int vcpus, long recorded, long dropped,
        int strayStamps, long uncertaintyNanos) {

    /** Of a run that did not come to a machine. */
    public static Timeline empty() {
        return new Timeline(List.of(), List.of(), 0, 0, 0, 0, 0);
    }

    /**
     * Puts a recording in order.
     *
     * @param clocks by vCPU; empty for one whose stamps are not to be believed
     * @param taken  by vector, the indexes of its interrupts, in the order in which their handlers ran
     */
    public static Timeline of(Recording recording, List<Optional<GuestClock>> clocks, Map<Integer, int[]> taken) {
        HandlerIntervals passages = HandlerIntervals.of(recording.events(), clocks, taken);
        List<TimedEvent> events = recording.events().stream().flatMap(Timeline::shown).sorted(BY_BEGIN).toList();
        List<HandlerRun> handlers = passages.all()
                .stream()
                .map(passage -> passage.on(passages.clockOf(passage)))
                .sorted(Comparator.comparingLong(HandlerRun::begin))
                .toList();
        long uncertainty = passages.all()
                .stream()
                .mapToLong(passage -> passages.clockOf(passage).uncertaintyNanos(passage.entered()))
                .max()
                .orElse(0);
        return new Timeline(events, handlers, clocks.size(), recording.events().size(), recording.dropped(),
                passages.strays(), uncertainty);
    }

    /** What contains another comes first. */
    private static final Comparator<TimedEvent> BY_BEGIN =
            Comparator.comparingLong(TimedEvent::begin).thenComparing(TimedEvent::end, Comparator.reverseOrder());

    private static Stream<TimedEvent> shown(TraceEvent event) {
        return event instanceof TimedEvent timed && !(event instanceof HostEvent.HandlerAcknowledged)
                ? Stream.of(timed)
                : Stream.empty();
    }

    /** The interrupts as they were handed over. */
    public List<HostEvent.Injected> injections() {
        return events.stream().flatMap(Timeline::injection).toList();
    }

    private static Stream<HostEvent.Injected> injection(TimedEvent event) {
        return event instanceof HostEvent.Injected injected ? Stream.of(injected) : Stream.empty();
    }

    /** The handlers of which it is known what interrupt they are for, by its index. */
    public Map<Integer, HandlerRun> handlersByInterrupt() {
        return handlers.stream()
                .filter(run -> run.index().isPresent())
                .collect(Collectors.toMap(run -> run.index().getAsInt(), Function.identity(), (first, _) -> first));
    }

    /** The moment that times are told from: the first interrupt, or the first event where there is none. */
    public long zero() {
        return injections().stream()
                .mapToLong(HostEvent.Injected::begin)
                .findFirst()
                .orElseGet(() -> events.isEmpty() ? 0 : events.getFirst().begin());
    }

    /** When the last of it was over. */
    public long end() {
        long ofEvents = events.stream().mapToLong(TimedEvent::end).max().orElse(0);
        return handlers.stream()
                .flatMapToLong(run -> run.end().stream())
                .filter(end -> end - ofEvents > 0)
                .max()
                .orElse(ofEvents);
    }
}
