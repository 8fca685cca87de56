package dev.interject.experiment.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.interject.experiment.timeline.Timeline;
import dev.interject.machine.GuestClock;
import dev.interject.trace.Recorder;

/** What a run leaves behind when it is recorded. */
public final class RunTrace {

    private final Recorder recorder;
    private final Map<Integer, int[]> taken = new HashMap<>();
    private List<Optional<GuestClock>> clocks = List.of();

    public RunTrace(Recorder recorder) {
        this.recorder = recorder;
    }

    /** One that records nothing. */
    public static RunTrace none() {
        return new RunTrace(Recorder.off());
    }

    public Recorder recorder() {
        return recorder;
    }

    /** What was handed over, when all is. */
    void handedOver(List<InterruptSource> sources) {
        for (InterruptSource source : sources) {
            source.vector().ifPresent(vector -> taken.put(vector, source.acceptedInOrder()));
        }
    }

    /** The machine has stopped; these are its vCPUs' clocks. */
    void end(List<Optional<GuestClock>> guestClocks) {
        clocks = guestClocks;
    }

    /** All in order; empty where no machine ran. */
    public Timeline timeline() {
        return clocks.isEmpty() ? Timeline.empty() : Timeline.of(recorder.recording(), clocks, taken);
    }
}
