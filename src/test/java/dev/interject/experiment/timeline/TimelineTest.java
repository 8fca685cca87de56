package dev.interject.experiment.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.interject.machine.ClockReading;
import dev.interject.machine.GuestClock;
import dev.interject.trace.ExitCause;
import dev.interject.trace.HandlerStamp;
import dev.interject.trace.HostEvent;
import dev.interject.trace.Recording;
import dev.interject.trace.TraceEvent;
import dev.interject.trace.VcpuEvent;
import org.junit.jupiter.api.Test;

/** A recording put in order: one clock, handlers from their stamps, and which interrupt each was for. */
class TimelineTest {

    private static final int VECTOR = 0x2a;
    private static final int OTHER = 0x25;
    private static final long THREAD = 1;

    /** Two cycles a nanosecond: 2,000 is the host's 1,000, and the guest ran from 0 to 1,000,000. */
    private static final GuestClock CLOCK =
            GuestClock.between(new ClockReading(-50, 0, 50), new ClockReading(999_990, 2_000_000, 1_000_010));

    private static final Map<Integer, int[]> NONE_TAKEN = Map.of();

    private static Timeline timeline(Map<Integer, int[]> taken, TraceEvent... events) {
        return Timeline.of(new Recording(List.of(events), 0), List.of(Optional.of(CLOCK), Optional.of(CLOCK)), taken);
    }

    private static HandlerStamp entered(int vector, long counter) {
        return new HandlerStamp(0, vector, counter, true);
    }

    private static HandlerStamp left(int vector, long counter) {
        return new HandlerStamp(0, vector, counter, false);
    }

    private static HostEvent.HandlerAcknowledged heard(long nanos, int vector) {
        return new HostEvent.HandlerAcknowledged(nanos, nanos, THREAD, 0, vector);
    }

    private static HostEvent.Injected injected(long begin, int index) {
        return new HostEvent.Injected(begin, begin + 5, THREAD, index, 1);
    }

    private static HandlerRun silent(int vector, long begin, OptionalLong end) {
        return new HandlerRun(0, vector, begin, end, OptionalLong.empty(), OptionalInt.empty());
    }

    @Test
    void events_areByWhenTheyBeganAndWhatContainsAnotherComesFirst() {
        HostEvent.Kicked inner = new HostEvent.Kicked(100, 120, THREAD, 0, null);
        HostEvent.Injected outer = new HostEvent.Injected(100, 200, THREAD, 0, 1);
        VcpuEvent.Ran early = new VcpuEvent.Ran(50, 300, 0, ExitCause.EINTR);

        assertThat(timeline(NONE_TAKEN, inner, outer, early).events()).containsExactly(early, outer, inner);
    }

    @Test
    void handler_isOnTheHostsClock() {
        assertThat(timeline(NONE_TAKEN, entered(VECTOR, 2_000), left(VECTOR, 3_000)).handlers())
                .containsExactly(silent(VECTOR, 1_000, OptionalLong.of(1_500)));
    }

    @Test
    void handlersOfOneVector_eachHaveTheirOwnEnd() {
        assertThat(timeline(NONE_TAKEN, entered(VECTOR, 2_000), left(VECTOR, 3_000), entered(VECTOR, 4_000),
                left(VECTOR, 5_000)).handlers())
                .containsExactly(silent(VECTOR, 1_000, OptionalLong.of(1_500)),
                        silent(VECTOR, 2_000, OptionalLong.of(2_500)));
    }

    @Test
    void handlersInsideEachOther_areToldApartByTheirVectors() {
        assertThat(timeline(NONE_TAKEN, entered(VECTOR, 2_000), entered(OTHER, 3_000), left(OTHER, 4_000),
                left(VECTOR, 5_000)).handlers())
                .containsExactly(silent(VECTOR, 1_000, OptionalLong.of(2_500)),
                        silent(OTHER, 1_500, OptionalLong.of(2_000)));
    }

    @Test
    void handlerThatRuns_hasNoEnd() {
        assertThat(timeline(NONE_TAKEN, entered(VECTOR, 2_000)).handlers())
                .containsExactly(silent(VECTOR, 1_000, OptionalLong.empty()));
    }

    @Test
    void endBeforeTheBeginning_isNone() {
        assertThat(timeline(NONE_TAKEN, entered(VECTOR, 2_000), left(VECTOR, 1_999)).handlers())
                .containsExactly(silent(VECTOR, 1_000, OptionalLong.empty()));
    }

    @Test
    void endWithoutABeginning_isNoHandler() {
        assertThat(timeline(NONE_TAKEN, left(VECTOR, 2_000)).handlers()).isEmpty();
    }

    @Test
    void handlersWord_saysWhichInterruptItWasFor() {
        Timeline timeline = timeline(Map.of(VECTOR, new int[]{4, 7}), entered(VECTOR, 2_000), heard(1_100, VECTOR),
                left(VECTOR, 3_000), entered(VECTOR, 4_000), heard(2_100, VECTOR));

        assertThat(timeline.handlersByInterrupt()).containsOnlyKeys(4, 7)
                .containsEntry(7, new HandlerRun(0, VECTOR, 2_000, OptionalLong.empty(), OptionalLong.of(2_100),
                        OptionalInt.of(7)));
    }

    @Test
    void handlerThatRunsMoreOftenThanItWasAskedFor_isForNone() {
        Timeline timeline = timeline(Map.of(VECTOR, new int[]{0}), entered(VECTOR, 2_000), heard(1_100, VECTOR),
                entered(VECTOR, 4_000), heard(2_100, VECTOR));

        assertThat(timeline.handlers()).extracting(HandlerRun::index)
                .containsExactly(OptionalInt.of(0), OptionalInt.empty());
    }

    @Test
    void wordWithoutAHandler_isForNone() {
        assertThat(timeline(Map.of(VECTOR, new int[]{0}), heard(1_100, VECTOR)).handlersByInterrupt()).isEmpty();
    }

    @Test
    void wordOfAnotherVcpu_isNotThisHandlers() {
        Timeline timeline = timeline(Map.of(VECTOR, new int[]{0}), entered(VECTOR, 2_000),
                new HostEvent.HandlerAcknowledged(1_100, 1_100, THREAD, 1, VECTOR));

        assertThat(timeline.handlersByInterrupt()).isEmpty();
    }

    @Test
    void stampsOfATimeAtWhichTheGuestDidNotRun_areLeftOutAndCounted() {
        Timeline timeline = timeline(NONE_TAKEN, entered(VECTOR, -1), entered(VECTOR, 2_000_001),
                entered(VECTOR, Long.MIN_VALUE), entered(OTHER, 2_000_000), left(OTHER, Long.MAX_VALUE));

        assertThat(timeline.strayStamps()).isEqualTo(4);
        assertThat(timeline.handlers()).containsExactly(silent(OTHER, 1_000_000, OptionalLong.empty()));
    }

    @Test
    void stampsOfAGuestWhoseClockIsNotKnown_areLeftOutAndCounted() {
        Timeline timeline = Timeline.of(new Recording(List.of(entered(VECTOR, 2_000), heard(1_100, VECTOR)), 0),
                List.of(Optional.empty()), Map.of(VECTOR, new int[]{0}));

        assertThat(timeline.strayStamps()).isEqualTo(1);
        assertThat(timeline.handlers()).isEmpty();
        assertThat(timeline.uncertaintyNanos()).isZero();
    }

    @Test
    void uncertainty_isThatOfTheClock() {
        assertThat(timeline(NONE_TAKEN, entered(VECTOR, 2_000)).uncertaintyNanos()).isEqualTo(50);
    }

    @Test
    void timesAreTold_fromTheFirstInterruptOrElseTheFirstEvent() {
        VcpuEvent.Ran ran = new VcpuEvent.Ran(50, 300, 0, ExitCause.EINTR);

        assertThat(timeline(NONE_TAKEN, ran, injected(100, 0), injected(200, 1)).zero()).isEqualTo(100);
        assertThat(timeline(NONE_TAKEN, ran).zero()).isEqualTo(50);
        assertThat(Timeline.empty().zero()).isZero();
    }

    @Test
    void end_isThatOfTheLastEventOrHandler() {
        assertThat(timeline(NONE_TAKEN, injected(100, 0), entered(VECTOR, 300), left(VECTOR, 500)).end())
                .isEqualTo(250);
        assertThat(timeline(NONE_TAKEN, injected(100, 0), entered(VECTOR, 100), left(VECTOR, 150)).end())
                .isEqualTo(105);
    }

    @Test
    void whatWasRecordedAndDropped_isCounted() {
        Timeline timeline = Timeline.of(new Recording(List.of(injected(100, 0), entered(VECTOR, 300)), 17),
                List.of(Optional.of(CLOCK)), NONE_TAKEN);

        assertThat(timeline.recorded()).isEqualTo(2);
        assertThat(timeline.dropped()).isEqualTo(17);
        assertThat(timeline.vcpus()).isEqualTo(1);
    }
}
