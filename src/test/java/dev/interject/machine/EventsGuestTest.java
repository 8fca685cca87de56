package dev.interject.machine;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.CausedEvent;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.Segment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The events that guest {@code events} has caused when it reports READY. */
@RequiresKvm
class EventsGuestTest {

    private static final int RING_0_CODE = 0x08;
    private static final int RING_3_CODE = 0x23;
    private static final long BEYOND_GDT = 0xfff8;
    private static final long PAGE_FAULT_BY_WRITE = 0x2;
    private static final long NOT_MAPPED = 0x200abc;
    private static final int BUSY_TSS = 0xb;

    private final RecordingListener listener = new RecordingListener();

    /** A machine whose guest has caused all its events and reported READY. */
    private Machine ready(Irqchip irqchip) {
        return TestGuest.prepared(TestGuest.machine(irqchip, "events", listener), machine -> {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();
        });
    }

    private static long address(String symbol) {
        return TestGuest.image("events").symbols().value(symbol).orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void exceptionsOfRing0_haveTheErrorCodesOfTheManual(Irqchip irqchip) {
        try (Machine machine = ready(irqchip)) {
            List<CausedEvent> events = machine.vcpu(0).mailbox().causedEvents();

            assertThat(events.subList(0, 4)).containsExactly(
                    new CausedEvent(0, RING_0_CODE, 0, address("divide"), 0),
                    new CausedEvent(6, RING_0_CODE, 0, address("undefined"), 0),
                    new CausedEvent(13, RING_0_CODE, BEYOND_GDT, address("absent_segment"), 0),
                    new CausedEvent(14, RING_0_CODE, PAGE_FAULT_BY_WRITE, address("absent_page"), NOT_MAPPED));
        }
    }

    /** A KVM without VMX or SVM may emulate {@code int n} for 3 and 4 only, and raise #UD for the two in the middle. */
    @ParameterizedTest
    @EnumSource
    void softwareInterruptsOfRing3_arriveOrAreRefusedByTheirGate(Irqchip irqchip) {
        try (Machine machine = ready(irqchip)) {
            List<CausedEvent> events = machine.vcpu(0).mailbox().causedEvents();

            assertThat(events).hasSize(8).last().isEqualTo(ofRing3(4, 0, "after_to_ring_0"));
            assertThat(events.get(4)).isEqualTo(ofRing3(3, 0, "after_breakpoint"));
            assertThat(events.get(5)).isIn(ofRing3(13, 0x20 << 3 | 2, "forbidden"), ofRing3(6, 0, "forbidden"),
                    ofRing3(13, 0x20 << 4 | 2, "forbidden")); // QEMU 7.2's TCG shifts the vector by 4
            assertThat(events.get(6)).isIn(ofRing3(0x80, 0, "after_system_call"), ofRing3(6, 0, "system_call"));
        }
    }

    private static CausedEvent ofRing3(int vector, long errorCode, String rip) {
        return new CausedEvent(vector, RING_3_CODE, errorCode, address(rip), NOT_MAPPED);
    }

    @ParameterizedTest
    @EnumSource
    void events_areCountedLikeInterruptsWithoutTheDoorbell(Irqchip irqchip) {
        try (Machine machine = ready(irqchip)) {
            Map<Integer, Long> logged = machine.vcpu(0)
                    .mailbox()
                    .causedEvents()
                    .stream()
                    .collect(groupingBy(CausedEvent::vector, counting()));

            assertThat(machine.vcpu(0).mailbox().takenByVector()).isEqualTo(logged)
                    .containsEntry(0, 1L)
                    .containsEntry(3, 1L)
                    .containsEntry(4, 1L)
                    .containsEntry(14, 1L);
            assertThat(listener.taken).isEmpty();
            assertThat(listener.faults).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void guest_sleepsInRing0(Irqchip irqchip) {
        try (Machine machine = ready(irqchip)) {
            GuestState asleep = machine.vcpu(0).inspectWhenOpen(Hang.AFTER);

            assertThat(machine.symbolAt(asleep.cpu().registers().rip())).startsWith("sleep");
            assertThat(asleep.cpu().special().cs()).extracting(Segment::selector, Segment::dpl)
                    .containsExactly(0x08, 0);
            assertThat(asleep.cpu().special().ss()).extracting(Segment::selector, Segment::dpl)
                    .containsExactly(0x10, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void taskRegister_holdsABusyTss(Irqchip irqchip) {
        try (Machine machine = ready(irqchip)) {
            Segment tr = machine.vcpu(0).inspect().cpu().special().tr();

            assertThat(tr).isEqualTo(
                    new Segment(address("tss"), 103, 0x28, BUSY_TSS, true, 0, false, false, false, false, false));
        }
    }
}
