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

/** A recording as a timeline: one clock, handlers from stamps, and the interrupt that each handled. */
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

    private static HostEvent.HandlerAcknowledged acknowledged(long nanos, int vector) {
        return new HostEvent.HandlerAcknowledged(nanos, nanos, THREAD, 0, vector);
    }

    private static HostEvent.Injected injected(long begin, int index) {
        return new HostEvent.Injected(begin, begin + 5, THREAD, index, 1);
    }

    private static HandlerRun unacknowledged(int vector, long begin, OptionalLong end) {
        return new HandlerRun(0, vector, begin, end, OptionalLong.empty(), OptionalInt.empty());
    }

    @Test
    void events_areOrderedByBeginAndContainersComeFirst() {
        HostEvent.Kicked inner = new HostEvent.Kicked(100, 120, THREAD, 0, null);
        HostEvent.Injected outer = new HostEvent.Injected(100, 200, THREAD, 0, 1);
        VcpuEvent.Ran early = new VcpuEvent.Ran(50, 300, 0, ExitCause.EINTR);

        assertThat(timeline(NONE_TAKEN, inner, outer, early).events()).containsExactly(early, outer, inner);
    }

    @Test
    void handler_isConvertedToTheHostsClock() {
        assertThat(timeline(NONE_TAKEN, entered(VECTOR, 2_000), left(VECTOR, 3_000)).handlers())
                .containsExactly(unacknowledged(VECTOR, 1_000, OptionalLong.of(1_500)));
    }

    @Test
    void handlersOfOneVector_eachHaveTheirOwnEnd() {
        assertThat(timeline(NONE_TAKEN, entered(VECTOR, 2_000), left(VECTOR, 3_000), entered(VECTOR, 4_000),
                left(VECTOR, 5_000)).handlers())
                .containsExactly(unacknowledged(VECTOR, 1_000, OptionalLong.of(1_500)),
                        unacknowledged(VECTOR, 2_000, OptionalLong.of(2_500)));
    }

    @Test
    void nestedHandlers_areDistinguishedByTheirVectors() {
        assertThat(timeline(NONE_TAKEN, entered(VECTOR, 2_000), entered(OTHER, 3_000), left(OTHER, 4_000),
                left(VECTOR, 5_000)).handlers())
                .containsExactly(unacknowledged(VECTOR, 1_000, OptionalLong.of(2_500)),
                        unacknowledged(OTHER, 1_500, OptionalLong.of(2_000)));
    }

    @Test
    void handlerThatWasNotLeft_hasNoEnd() {
        assertThat(timeline(NONE_TAKEN, entered(VECTOR, 2_000)).handlers())
                .containsExactly(unacknowledged(VECTOR, 1_000, OptionalLong.empty()));
    }

    @Test
    void exitBeforeTheEntry_isIgnored() {
        assertThat(timeline(NONE_TAKEN, entered(VECTOR, 2_000), left(VECTOR, 1_999)).handlers())
                .containsExactly(unacknowledged(VECTOR, 1_000, OptionalLong.empty()));
    }

    @Test
    void exitWithoutAnEntry_isNoHandler() {
        assertThat(timeline(NONE_TAKEN, left(VECTOR, 2_000)).handlers()).isEmpty();
    }

    @Test
    void acknowledgement_identifiesTheInterrupt() {
        Timeline timeline = timeline(Map.of(VECTOR, new int[]{4, 7}), entered(VECTOR, 2_000),
                acknowledged(1_100, VECTOR),
                left(VECTOR, 3_000), entered(VECTOR, 4_000), acknowledged(2_100, VECTOR));

        assertThat(timeline.handlersByInterrupt()).containsOnlyKeys(4, 7)
                .containsEntry(7, new HandlerRun(0, VECTOR, 2_000, OptionalLong.empty(), OptionalLong.of(2_100),
                        OptionalInt.of(7)));
    }

    @Test
    void handlerWithoutAnInterrupt_hasNoIndex() {
        Timeline timeline = timeline(Map.of(VECTOR, new int[]{0}), entered(VECTOR, 2_000), acknowledged(1_100, VECTOR),
                entered(VECTOR, 4_000), acknowledged(2_100, VECTOR));

        assertThat(timeline.handlers()).extracting(HandlerRun::index)
                .containsExactly(OptionalInt.of(0), OptionalInt.empty());
    }

    @Test
    void acknowledgementWithoutAHandler_isIgnored() {
        assertThat(timeline(Map.of(VECTOR, new int[]{0}), acknowledged(1_100, VECTOR)).handlersByInterrupt()).isEmpty();
    }

    @Test
    void acknowledgementOfAnotherVcpu_isNotThisHandlers() {
        Timeline timeline = timeline(Map.of(VECTOR, new int[]{0}), entered(VECTOR, 2_000),
                new HostEvent.HandlerAcknowledged(1_100, 1_100, THREAD, 1, VECTOR));

        assertThat(timeline.handlersByInterrupt()).isEmpty();
    }

    @Test
    void stampsOutsideTheGuestsRun_areDroppedAndCounted() {
        Timeline timeline = timeline(NONE_TAKEN, entered(VECTOR, -1), entered(VECTOR, 2_000_001),
                entered(VECTOR, Long.MIN_VALUE), entered(OTHER, 2_000_000), left(OTHER, Long.MAX_VALUE));

        assertThat(timeline.strayStamps()).isEqualTo(4);
        assertThat(timeline.handlers()).containsExactly(unacknowledged(OTHER, 1_000_000, OptionalLong.empty()));
    }

    @Test
    void stampsWithoutAClock_areDroppedAndCounted() {
        Timeline timeline = Timeline.of(new Recording(List.of(entered(VECTOR, 2_000), acknowledged(1_100, VECTOR)), 0),
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
    void zero_isTheFirstInjectionOrElseTheFirstEvent() {
        VcpuEvent.Ran ran = new VcpuEvent.Ran(50, 300, 0, ExitCause.EINTR);

        assertThat(timeline(NONE_TAKEN, ran, injected(100, 0), injected(200, 1)).zero()).isEqualTo(100);
        assertThat(timeline(NONE_TAKEN, ran).zero()).isEqualTo(50);
        assertThat(Timeline.empty().zero()).isZero();
    }

    @Test
    void end_isTheLatestEndOfEventsAndHandlers() {
        assertThat(timeline(NONE_TAKEN, injected(100, 0), entered(VECTOR, 300), left(VECTOR, 500)).end())
                .isEqualTo(250);
        assertThat(timeline(NONE_TAKEN, injected(100, 0), entered(VECTOR, 100), left(VECTOR, 150)).end())
                .isEqualTo(105);
    }

    @Test
    void recordedAndDroppedEvents_areCounted() {
        Timeline timeline = Timeline.of(new Recording(List.of(injected(100, 0), entered(VECTOR, 300)), 17),
                List.of(Optional.of(CLOCK)), NONE_TAKEN);

        assertThat(timeline.recorded()).isEqualTo(2);
        assertThat(timeline.dropped()).isEqualTo(17);
        assertThat(timeline.vcpus()).isEqualTo(1);
    }
}
