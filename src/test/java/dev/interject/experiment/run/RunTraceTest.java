package dev.interject.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.experiment.timeline.Timeline;
import dev.interject.trace.Recorder;
import org.junit.jupiter.api.Test;

/** The trace of a run that ends early. */
class RunTraceTest {

    private final RunTrace trace = new RunTrace(Recorder.of(10));

    @Test
    void runWithoutAMachine_hasAnEmptyTimeline() {
        assertThat(trace.timeline()).isEqualTo(Timeline.empty());
    }

    @Test
    void machineWhoseClocksWereNotRead_keepsItsEventsWithoutHandlers() {
        trace.begin(2);
        trace.recorder().lineLowered(trace.recorder().now(), 10);
        trace.recorder().handlerEntered(1, 0x2a, 5);
        Timeline timeline = trace.timeline();

        assertThat(timeline.events()).hasSize(1);
        assertThat(timeline.handlers()).isEmpty();
        assertThat(timeline.strayStamps()).isEqualTo(1);
        assertThat(timeline.vcpus()).isEqualTo(2);
    }
}
