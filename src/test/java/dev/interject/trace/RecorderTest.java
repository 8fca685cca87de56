package dev.interject.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;

import dev.interject.Allocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every event is decoded as it was recorded; events without room are counted. */
class RecorderTest {

    private static final int CAPACITY = 100;

    private final Recorder recorder = Recorder.of(CAPACITY);

    private List<TraceEvent> events() {
        return recorder.recording().events();
    }

    private static void hasTimes(TraceEvent event, long begin, long notBefore) {
        TimedEvent timed = (TimedEvent) event;
        assertThat(timed.begin()).isEqualTo(begin);
        assertThat(timed.end()).isBetween(notBefore, System.nanoTime());
    }

    @Test
    void eventWithDuration_beginsAtSinceAndEndsWhenRecorded() {
        long since = recorder.now();
        recorder.gatesChecked(since);
        recorder.injected(since, 7, -1);
        recorder.kicked(3, since, KickEffect.WOKEN);
        recorder.countsRead(since);
        recorder.lineRaised(since, 10, 2);
        recorder.lineLowered(since, 10);
        recorder.messageSent(since, 1);
        recorder.eventfdSignalled(since);
        recorder.ran(31, since, ExitCause.KVM_EXIT_IO);
        recorder.slept(2, since, true);
        recorder.vectorQueued(0, since, 255, true);
        recorder.nmiRequested(1, since);

        assertThat(events()).allSatisfy(event -> hasTimes(event, since, since));
        assertThat(events()).usingRecursiveFieldByFieldElementComparatorIgnoringFields("end")
                .containsExactly(
                        new HostEvent.GatesChecked(since, 0, me()),
                        new HostEvent.Injected(since, 0, me(), 7, -1),
                        new HostEvent.Kicked(since, 0, me(), 3, KickEffect.WOKEN),
                        new HostEvent.CountsRead(since, 0, me()),
                        new ControllerEvent.LineRaised(since, 0, 10, 2),
                        new ControllerEvent.LineLowered(since, 0, 10),
                        new ControllerEvent.MessageSent(since, 0, 1),
                        new ControllerEvent.EventfdSignalled(since, 0),
                        new VcpuEvent.Ran(since, 0, 31, ExitCause.KVM_EXIT_IO),
                        new VcpuEvent.Slept(since, 0, 2, true),
                        new VcpuEvent.VectorQueued(since, 0, 0, 255, true),
                        new VcpuEvent.NmiRequested(since, 0, 1));
    }

    @Test
    void instant_beginsAndEndsWhenRecorded() {
        long before = System.nanoTime();
        recorder.refused(9_999_999, 22);
        recorder.handlerAcknowledged(1, 0x2a);
        recorder.vectorAcknowledged(0x2a);
        recorder.picEoi(true);
        recorder.picEoi(false);
        recorder.ioapicEoi(0x3a);
        recorder.resampleSignalled();
        recorder.coalesced(0x50, 3);
        recorder.portAccessed(0, 0xffff, 4, true, -1);
        recorder.portAccessed(0, 0x20, 1, false, 0xff);
        recorder.memoryAccessed(0, 0xfee0_0000_0000L, 8, true, Long.MIN_VALUE);
        recorder.memoryAccessed(0, 0xfec0_0000L, 4, false, 1);
        recorder.windowRequested(5);

        assertThat(events()).allSatisfy(event -> {
            assertThat(((TimedEvent) event).begin()).isEqualTo(((TimedEvent) event).end());
            hasTimes(event, ((TimedEvent) event).begin(), before);
        });
        assertThat(events()).usingRecursiveFieldByFieldElementComparatorIgnoringFields("begin", "end")
                .containsExactly(
                        new HostEvent.Refused(0, 0, me(), 9_999_999, 22),
                        new HostEvent.HandlerAcknowledged(0, 0, me(), 1, 0x2a),
                        new ControllerEvent.VectorAcknowledged(0, 0, 0x2a),
                        new ControllerEvent.PicEoi(0, 0, true),
                        new ControllerEvent.PicEoi(0, 0, false),
                        new ControllerEvent.IoapicEoi(0, 0, 0x3a),
                        new ControllerEvent.ResampleSignalled(0, 0),
                        new ControllerEvent.Coalesced(0, 0, 0x50, 3),
                        new VcpuEvent.PortAccessed(0, 0, 0, 0xffff, 4, true, -1),
                        new VcpuEvent.PortAccessed(0, 0, 0, 0x20, 1, false, 0xff),
                        new VcpuEvent.MemoryAccessed(0, 0, 0, 0xfee0_0000_0000L, 8, true, Long.MIN_VALUE),
                        new VcpuEvent.MemoryAccessed(0, 0, 0, 0xfec0_0000L, 4, false, 1),
                        new VcpuEvent.WindowRequested(0, 0, 5));
    }

    @Test
    void handlerStamp_keepsTheGuestsCounter() {
        recorder.handlerEntered(31, 255, Long.MIN_VALUE);
        recorder.handlerLeft(0, 0, -1);

        assertThat(events()).containsExactly(new HandlerStamp(31, 255, Long.MIN_VALUE, true),
                new HandlerStamp(0, 0, -1, false));
    }

    @Test
    void fullRing_keepsTheFirstEventsAndCountsTheRest() {
        IntStream.range(0, 3 * CAPACITY).forEach(recorder::vectorAcknowledged);

        assertThat(recorder.recording().dropped()).isEqualTo(2 * CAPACITY);
        assertThat(events()).extracting("vector").isEqualTo(IntStream.range(0, CAPACITY).boxed().toList());
    }

    @Test
    void ringOfCapacity0_countsAllEvents() {
        Recorder none = Recorder.of(0);
        none.resampleSignalled();

        assertThat(none.recording()).isEqualTo(new Recording(List.of(), 1));
    }

    @Test
    void everyKind_isDecodedToAnEventOfItsOwn() {
        Ring ring = new Ring(EventKind.values().length);
        for (EventKind kind : EventKind.values()) {
            ring.write(kind, 31, 1, 2, 1, 3, 4);
        }

        assertThat(Recording.of(ring).events()).hasSize(EventKind.values().length).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE})
    void operands_doNotTouchEachOther(int value) {
        recorder.injected(0, value, ~value);
        recorder.lineRaised(0, ~value, value);
        recorder.coalesced(value & 0xff, value);
        recorder.portAccessed(31, 0xffff, 4, true, value);
        recorder.memoryAccessed(31, (long) value << 32, 8, false, ~((long) value << 32));
        recorder.kicked(0xff_ffff, 0, KickEffect.ALREADY_OUT);

        assertThat(events()).usingRecursiveFieldByFieldElementComparatorIgnoringFields("begin", "end")
                .containsExactly(
                        new HostEvent.Injected(0, 0, me(), value, ~value),
                        new ControllerEvent.LineRaised(0, 0, ~value, value),
                        new ControllerEvent.Coalesced(0, 0, value & 0xff, value),
                        new VcpuEvent.PortAccessed(0, 0, 31, 0xffff, 4, true, value),
                        new VcpuEvent.MemoryAccessed(0, 0, 31, (long) value << 32, 8, false, ~((long) value << 32)),
                        new HostEvent.Kicked(0, 0, me(), 0xff_ffff, KickEffect.ALREADY_OUT));
    }

    @Test
    void negativeCapacity_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Recorder.of(-1))
                .withMessage("capacity must be 0 or more, not -1");
    }

    @Test
    void severalThreads_loseNoEventAndKeepTheirOrder() throws InterruptedException {
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
    void recorderOff_recordsNothingAndReadsNoClock() {
        Recorder off = Recorder.off();
        off.injected(off.now(), 1, 1);
        off.resampleSignalled();
        off.memoryAccessed(0, 0, 4, true, 0);
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
            roomy.portAccessed(0, 0x20, 1, true, 0x20);
            roomy.memoryAccessed(0, 0xfec0_0000L, 4, false, 1);
            roomy.handlerEntered(0, 0x2a, 5);
        })).isZero();
        assertThat(roomy.recording().dropped()).isZero();
    }

    @Test
    void droppingAnEvent_allocatesNothing() {
        Recorder full = Recorder.of(0);

        assertThat(Allocation.inTheBestRoundOf(() -> full.injected(full.now(), 1, 1))).isZero();
    }

    private static long me() {
        return Thread.currentThread().threadId();
    }
}
