package dev.interject.experiment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.interject.experiment.timeline.Timeline;
import dev.interject.machine.GuestClock;
import dev.interject.trace.Recorder;

/** What a run leaves behind when it is recorded. */
final class Tape {

    private final Recorder recorder;
    private final Map<Integer, int[]> taken = new HashMap<>();
    private List<Optional<GuestClock>> clocks = List.of();

    Tape(Recorder recorder) {
        this.recorder = recorder;
    }

    /** One that records nothing. */
    static Tape none() {
        return new Tape(Recorder.off());
    }

    Recorder recorder() {
        return recorder;
    }

    /** What was handed over, when all is. */
    void handedOver(List<Source> sources) {
        for (Source source : sources) {
            source.vector().ifPresent(vector -> taken.put(vector, source.acceptedInOrder()));
        }
    }

    /** The machine has stopped; these are its vCPUs' clocks. */
    void end(List<Optional<GuestClock>> guestClocks) {
        clocks = guestClocks;
    }

    /** All in order; empty where no machine ran. */
    Timeline timeline() {
        return clocks.isEmpty() ? Timeline.empty() : Timeline.of(recorder.recording(), clocks, taken);
    }
}
