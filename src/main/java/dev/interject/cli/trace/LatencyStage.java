package dev.interject.cli.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.interject.cli.output.Micros;
import dev.interject.experiment.timeline.Timeline;
import dev.interject.trace.HostEvent;

/**
 * A stage between injection and the end of the handler, and how long it took in a trace.
 *
 * @param nanos the times of all interrupts that have this stage, in ascending order; one or more
 */
record LatencyStage(String name, long[] nanos) {

    /** The stages that any interrupt of the trace has. */
    static List<LatencyStage> of(Timeline timeline) {
        Map<Integer, Long> injectedAt = timeline.injections()
                .stream()
                .collect(Collectors.toMap(HostEvent.Injected::index, HostEvent.Injected::begin, (first, _) -> first));
        List<Long> toHandler = new ArrayList<>();
        List<Long> toAcknowledgement = new ArrayList<>();
        List<Long> inHandler = new ArrayList<>();
        timeline.handlersByInterrupt().forEach((index, handler) -> {
            if (injectedAt.containsKey(index)) {
                toHandler.add(handler.begin() - injectedAt.get(index));
            }
            handler.acknowledgedAt().ifPresent(nanos -> toAcknowledgement.add(nanos - handler.begin()));
            handler.end().ifPresent(end -> inHandler.add(end - handler.begin()));
        });
        List<LatencyStage> stages = new ArrayList<>();
        add(stages, "injection to handler entry", toHandler);
        add(stages, "handler entry to acknowledgement", toAcknowledgement);
        add(stages, "handler entry to handler exit", inHandler);
        return stages;
    }

    private static void add(List<LatencyStage> stages, String name, List<Long> times) {
        if (!times.isEmpty()) {
            stages.add(new LatencyStage(name, times.stream().mapToLong(Long::longValue).sorted().toArray()));
        }
    }

    double medianMicros() {
        return nanos[(nanos.length - 1) / 2] / Micros.NANOS;
    }

    double maxMicros() {
        return nanos[nanos.length - 1] / Micros.NANOS;
    }
}
