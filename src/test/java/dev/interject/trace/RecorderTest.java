package dev.interject.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

import dev.interject.Allocation;
import org.junit.jupiter.api.Test;

/** What is noted comes back as it was, and what has no room is counted. */
class RecorderTest {

    private static final int ROOM = 100;

    private final Recorder recorder = Recorder.of(ROOM);
    private final long me = Thread.currentThread().threadId();

    private List<TraceEvent> events() {
        return recorder.recording().events();
    }

    private static void hasTimes(TraceEvent event, long begin, long notBefore) {
        TimedEvent timed = (TimedEvent) event;
        assertThat(timed.begin()).isEqualTo(begin);
        assertThat(timed.end()).isBetween(notBefore, System.nanoTime());
    }

    @Test
    void whatTakesTime_beganWhenItWasSaidAndEndsWhenItIsNoted() {
        long since = recorder.now();
        recorder.checked(since);
        recorder.injected(since, 7, -1);
        recorder.kicked(3, since, KickWay.WOKEN);
        recorder.settled(since);
        recorder.lineRaised(since, 10, 2);
        recorder.lineLowered(since, 10);
        recorder.messageSent(since, 1);
        recorder.eventfdSignalled(since);
        recorder.ran(31, since, ExitCause.KVM_EXIT_IO);
        recorder.slept(2, since);
        recorder.vectorQueued(0, since, 255, true);
        recorder.nmiAsked(1, since);

        assertThat(events()).allSatisfy(event -> hasTimes(event, since, since));
        assertThat(events()).usingRecursiveFieldByFieldElementComparatorIgnoringFields("end")
                .containsExactly(
                        new HostEvent.Checked(since, 0, me),
                        new HostEvent.Injected(since, 0, me, 7, -1),
                        new HostEvent.Kicked(since, 0, me, 3, KickWay.WOKEN),
                        new HostEvent.Settled(since, 0, me),
                        new ControllerEvent.LineDriven(since, 0, 10, true, 2),
                        new ControllerEvent.LineDriven(since, 0, 10, false, 0),
                        new ControllerEvent.MessageSent(since, 0, 1),
                        new ControllerEvent.EventfdSignalled(since, 0),
                        new VcpuEvent.Ran(since, 0, 31, ExitCause.KVM_EXIT_IO),
                        new VcpuEvent.Slept(since, 0, 2),
                        new VcpuEvent.VectorQueued(since, 0, 0, 255, true),
                        new VcpuEvent.NmiAsked(since, 0, 1));
    }

    @Test
    void whatTakesNone_isOfTheMomentInWhichItIsNoted() {
        long before = System.nanoTime();
        recorder.refused(9_999_999, 22);
        recorder.heard(1, 0x2a);
        recorder.acknowledged(0x2a);
        recorder.picEnded(true);
        recorder.picEnded(false);
        recorder.ioapicEnded(0x3a);
        recorder.resampled();
        recorder.merged(0x50, 3);
        recorder.port(0, 0xffff, 4, true, -1);
        recorder.port(0, 0x20, 1, false, 0xff);
        recorder.memory(0, 0xfee0_0000_0000L, 8, true, Long.MIN_VALUE);
        recorder.memory(0, 0xfec0_0000L, 4, false, 1);
        recorder.windowRequested(5);

        assertThat(events()).allSatisfy(event -> {
            assertThat(((TimedEvent) event).begin()).isEqualTo(((TimedEvent) event).end());
            hasTimes(event, ((TimedEvent) event).begin(), before);
        });
        assertThat(events()).usingRecursiveFieldByFieldElementComparatorIgnoringFields("begin", "end")
                .containsExactly(
                        new HostEvent.Refused(0, 0, me, 9_999_999, 22),
                        new HostEvent.Heard(0, 0, me, 1, 0x2a),
                        new ControllerEvent.Acknowledged(0, 0, 0x2a),
                        new ControllerEvent.PicEnded(0, 0, true),
                        new ControllerEvent.PicEnded(0, 0, false),
                        new ControllerEvent.IoapicEnded(0, 0, 0x3a),
                        new ControllerEvent.Resampled(0, 0),
                        new ControllerEvent.Merged(0, 0, 0x50, 3),
                        new VcpuEvent.PortAccessed(0, 0, 0, 0xffff, 4, true, -1),
                        new VcpuEvent.PortAccessed(0, 0, 0, 0x20, 1, false, 0xff),
                        new VcpuEvent.MemoryAccessed(0, 0, 0, 0xfee0_0000_0000L, 8, true, Long.MIN_VALUE),
                        new VcpuEvent.MemoryAccessed(0, 0, 0, 0xfec0_0000L, 4, false, 1),
                        new VcpuEvent.WindowRequested(0, 0, 5));
    }

    @Test
    void stampOfAHandler_isTheGuestsNumberUntouched() {
        recorder.handlerEntered(31, 255, Long.MIN_VALUE);
        recorder.handlerLeft(0, 0, -1);

        assertThat(events()).containsExactly(new HandlerStamp(31, 255, Long.MIN_VALUE, true),
                new HandlerStamp(0, 0, -1, false));
    }

    @Test
    void fullRing_keepsTheFirstAndCountsTheRest() {
        IntStream.range(0, 3 * ROOM).forEach(recorder::acknowledged);

        assertThat(recorder.recording().dropped()).isEqualTo(2 * ROOM);
        assertThat(events()).extracting("vector").isEqualTo(IntStream.range(0, ROOM).boxed().toList());
    }

    @Test
    void ringWithoutRoom_countsAll() {
        Recorder none = Recorder.of(0);
        none.resampled();

        assertThat(none.recording()).isEqualTo(new Recording(List.of(), 1));
    }

    @Test
    void severalThreads_loseNothingAndKeepTheirOrder() throws InterruptedException {
        int each = 20_000;
        Recorder shared = Recorder.of(3 * each);
        List<Thread> writers = IntStream.range(0, 4)
                .mapToObj(vcpu -> Thread.ofPlatform()
                        .start(() -> IntStream.range(0, each)
                                .forEach(i -> shared.handlerEntered(vcpu, i & 0xff, i))))
                .toList();
        for (Thread writer : writers) {
            writer.join();
        }
        Recording recording = shared.recording();

        assertThat(recording.events()).hasSize(3 * each);
        assertThat(recording.dropped()).isEqualTo(each);
        assertThat(IntStream.range(0, 4)).allSatisfy(vcpu -> {
            List<Long> counters = countersOf(recording, vcpu);
            assertThat(counters).isEqualTo(IntStream.range(0, counters.size()).mapToObj(Long::valueOf).toList());
        });
    }

    private static List<Long> countersOf(Recording recording, int vcpu) {
        return recording.events()
                .stream()
                .map(HandlerStamp.class::cast)
                .filter(stamp -> stamp.vcpu() == vcpu)
                .map(HandlerStamp::counter)
                .toList();
    }

    @Test
    void recorderThatIsOff_recordsNothingAndLooksAtNoClock() {
        Recorder off = Recorder.off();
        off.injected(off.now(), 1, 1);
        off.resampled();
        off.memory(0, 0, 4, true, 0);
        off.handlerEntered(0, 1, 2);

        assertThat(off.isOn()).isFalse();
        assertThat(off.now()).isZero();
        assertThat(off.recording()).isEqualTo(new Recording(List.of(), 0));
    }

    @Test
    void recording_allocatesNothing() {
        Recorder roomy = Recorder.of(1_000_000);

        assertThat(Allocation.inTheBestRoundOf(() -> {
            roomy.injected(roomy.now(), 1, 1);
            roomy.port(0, 0x20, 1, true, 0x20);
            roomy.memory(0, 0xfec0_0000L, 4, false, 1);
            roomy.handlerEntered(0, 0x2a, 5);
        })).isZero();
        assertThat(roomy.recording().dropped()).isZero();
    }

    @Test
    void droppingWhatHasNoRoom_allocatesNothing() {
        Recorder full = Recorder.of(0);

        assertThat(Allocation.inTheBestRoundOf(() -> full.injected(full.now(), 1, 1))).isZero();
    }
}
