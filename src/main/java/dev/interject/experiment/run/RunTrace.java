package dev.interject.experiment.run;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.interject.experiment.timeline.Timeline;
import dev.interject.machine.GuestClock;
import dev.interject.trace.Recorder;

/** Records a run, and puts the recording in order when the run is over. */
public final class RunTrace {

    private final Recorder recorder;
    private final Map<Integer, int[]> taken = new HashMap<>();
    private List<Optional<GuestClock>> clocks = List.of();

    /** A trace of one run, by this recorder. */
    public RunTrace(Recorder recorder) {
        this.recorder = recorder;
    }

    /** A trace that records nothing. */
    public static RunTrace none() {
        return new RunTrace(Recorder.off());
    }

    /** Records what happens in the run. */
    public Recorder recorder() {
        return recorder;
    }

    /** Notes which interrupts of each source were accepted, when all are injected. */
    void injected(List<InterruptSource> sources) {
        for (InterruptSource source : sources) {
            source.vector().ifPresent(vector -> taken.put(vector, source.acceptedInOrder()));
        }
    }

    /** Notes that there is a machine. Until it has stopped, no clock of its vCPUs is known. */
    public void begin(int vcpus) {
        clocks = Collections.nCopies(vcpus, Optional.empty());
    }

    /** Notes the clocks of the vCPUs, when the machine has stopped. */
    void end(List<Optional<GuestClock>> guestClocks) {
        clocks = guestClocks;
    }

    /** Everything in order; empty if no machine ran. */
    public Timeline timeline() {
        return clocks.isEmpty() ? Timeline.empty() : Timeline.of(recorder.recording(), clocks, taken);
    }
}
