package dev.interject.trace;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The events of a run.
 *
 * @param events  in the order of recording: by their ends, except handler stamps, which are recorded when the host
 *                reads them
 * @param dropped the number of events that did not fit; all of them are later than {@code events}
 */
public record Recording(List<TraceEvent> events, long dropped) {

    /** Copies the list. */
    public Recording {
        events = List.copyOf(events);
    }

    static Recording of(Ring ring) {
        return new Recording(IntStream.range(0, ring.size()).mapToObj(ring::event).toList(), ring.dropped());
    }
}
