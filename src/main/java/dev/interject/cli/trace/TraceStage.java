package dev.interject.cli.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.interject.cli.output.Micros;
import dev.interject.experiment.timeline.Timeline;
import dev.interject.trace.HostEvent;

/**
 * A part of an interrupt's way, and how long it took in a trace.
 *
 * @param nanos of each interrupt that has this part, in ascending order; at least one
 */
record TraceStage(String name, long[] nanos) {

    /** Those that any interrupt of the trace has. */
    static List<TraceStage> of(Timeline timeline) {
        Map<Integer, Long> handedOver = timeline.injections()
                .stream()
                .collect(Collectors.toMap(HostEvent.Injected::index, HostEvent.Injected::begin, (first, _) -> first));
        List<Long> toHandler = new ArrayList<>();
        List<Long> toWord = new ArrayList<>();
        List<Long> inHandler = new ArrayList<>();
        timeline.handlersByInterrupt().forEach((index, handler) -> {
            if (handedOver.containsKey(index)) {
                toHandler.add(handler.begin() - handedOver.get(index));
            }
            handler.heardAt().ifPresent(heard -> toWord.add(heard - handler.begin()));
            handler.end().ifPresent(end -> inHandler.add(end - handler.begin()));
        });
        List<TraceStage> stages = new ArrayList<>();
        add(stages, "handed over to handler entered", toHandler);
        add(stages, "handler entered to its word heard", toWord);
        add(stages, "handler entered to handler left", inHandler);
        return stages;
    }

    private static void add(List<TraceStage> stages, String name, List<Long> found) {
        if (!found.isEmpty()) {
            stages.add(new TraceStage(name, found.stream().mapToLong(Long::longValue).sorted().toArray()));
        }
    }

    double medianMicros() {
        return nanos[(nanos.length - 1) / 2] / Micros.NANOS;
    }

    double maxMicros() {
        return Arrays.stream(nanos).max().orElseThrow() / Micros.NANOS;
    }
}
