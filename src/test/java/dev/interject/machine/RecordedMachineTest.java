package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.BootParameters;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.trace.HandlerStamp;
import dev.interject.trace.Recorder;
import dev.interject.trace.Recording;
import dev.interject.trace.TraceEvent;
import dev.interject.trace.VcpuEvent;
import org.junit.jupiter.api.Test;

/** What a machine records, whatever its guest does. */
@RequiresKvm
class RecordedMachineTest {

    private final Recorder recorder = Recorder.of(100_000);
    private final RecordingListener listener = new RecordingListener();

    private Machine machine(String guest) {
        GuestImage image = TestGuest.image(guest);
        return new Machine(new MachinePlan(Irqchip.KERNEL, image, BootMode.LONG,
                BootParameters.lines(Set.of(TestGuest.LINE), Trigger.EDGE)), listener, recorder);
    }

    private static <E extends TraceEvent> List<E> all(Class<E> kind, Recording recording) {
        return recording.events().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    void guestThatSetsItsClockAndStampsNonsense_isRecorded() {
        try (Machine machine = machine("stamp-liar")) {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();

            assertThat(machine.stop()).hasSize(1); // whether it is to be believed depends on what KVM let the guest set
            assertThat(all(HandlerStamp.class, recorder.recording())).hasSize(512);
            assertThat(listener.failures).isEmpty();
        }
    }

    @Test
    void guestThatWritesToEveryPort_isRecordedUntilTheRingIsFull() {
        try (Machine machine = machine("liar")) {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();
            Hang.orUntil(() -> recorder.recording().dropped() > 0);

            List<Optional<GuestClock>> clocks = machine.stop();
            Recording recording = recorder.recording();
            assertThat(clocks).singleElement().matches(Optional::isPresent);
            assertThat(recording.events()).hasSize(100_000);
            assertThat(recording.dropped()).isPositive();
            assertThat(all(HandlerStamp.class, recording)).isEmpty();
            assertThat(all(VcpuEvent.PortAccessed.class, recording)).hasSizeGreaterThan(40_000);
        }
    }

    @Test
    void machineThatIsStoppedTwice_hasTheSameClocks() {
        try (Machine machine = machine("mute")) {
            machine.start();
            List<Optional<GuestClock>> clocks = machine.stop();
            int events = recorder.recording().events().size();

            assertThat(machine.stop()).isSameAs(clocks).hasSize(1);
            assertThat(recorder.recording().events()).hasSize(events);
        }
    }

    @Test
    void machineThatIsNotRecorded_hasNoClocks() {
        try (Machine machine = TestGuest.machine(Irqchip.KERNEL, "mute", listener)) {
            machine.start();

            assertThat(machine.stop()).isEmpty();
        }
    }
}
