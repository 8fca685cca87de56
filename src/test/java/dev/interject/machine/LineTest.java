package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.PicController;
import dev.interject.interrupt.inject.PicInjector;
import dev.interject.trace.Recorder;
import org.junit.jupiter.api.Test;

/** A line of the 8259s in this process, as a device drives it. */
class LineTest {

    private static final int NUMBER = 3;

    private final PicController pic = new PicController(Recorder.off());
    /** Whether the line was high whenever a vCPU was kicked, which can then be looked at. */
    private final List<Boolean> seen = new ArrayList<>();
    private final Line line = new Line(List.of(injector(Trigger.EDGE)), List.of(injector(Trigger.LEVEL)));

    @Test
    void pulse_isNeverSeenHigh() {
        line.output().pulse();

        assertThat(seen).containsExactly(false);
        assertThat(pic.masterState().irr()).isEqualTo(1 << NUMBER);
    }

    @Test
    void level_isSeenHighUntilItIsLowered() {
        line.output().set(true);
        assertThat(seen).containsExactly(true);

        line.output().set(false);
        assertThat(isHigh()).isFalse();
    }

    private PicInjector injector(Trigger trigger) {
        return new PicInjector(pic, NUMBER, trigger, () -> seen.add(isHigh()));
    }

    private boolean isHigh() {
        return (pic.masterState().lastIrr() & 1 << NUMBER) != 0;
    }
}
