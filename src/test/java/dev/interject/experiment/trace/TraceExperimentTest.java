package dev.interject.experiment.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.run.Run;
import dev.interject.experiment.run.RunObserver;
import dev.interject.experiment.timeline.HandlerRun;
import dev.interject.experiment.timeline.Timeline;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import dev.interject.trace.ControllerEvent;
import dev.interject.trace.ExitCause;
import dev.interject.trace.HostEvent;
import dev.interject.trace.TimedEvent;
import dev.interject.trace.VcpuEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs of real guests, recorded. */
@RequiresKvm
class TraceExperimentTest {

    private static final int ROOM = 100_000;
    private static final int COUNT = 5;

    private static TraceReport trace(Run run) {
        return trace(run, ROOM);
    }

    private static TraceReport trace(Run run, int room) {
        return TraceExperiment.run(run.plan(), room, new Cancellation(), RunObserver.NONE);
    }

    private static <E extends TimedEvent> List<E> all(Class<E> kind, TraceReport report) {
        return report.timeline().events().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static Stream<Arguments> paths() {
        return Stream.of(
                Arguments.of("a line of an 8259", Run.on(Irqchip.KERNEL), 0x2a),
                Arguments.of("a level", Run.on(Irqchip.KERNEL).trigger(Trigger.LEVEL), 0x2a),
                Arguments.of("a line, real mode", Run.on(Irqchip.KERNEL).guest(BuiltinGuest.REAL), 0x2a),
                Arguments.of("a pin of the IOAPIC", Run.on(Irqchip.KERNEL).guest(BuiltinGuest.APIC), 0x3a),
                Arguments.of("an eventfd", Run.on(Irqchip.KERNEL).path(Route.IRQFD), 0x2a),
                Arguments.of("a message", Run.on(Irqchip.KERNEL).path(Route.MSI), 0x50),
                Arguments.of("a routed message", Run.on(Irqchip.KERNEL).path(Route.MSI_ROUTE), 0x50),
                Arguments.of("an eventfd for a message", Run.on(Irqchip.KERNEL).path(Route.MSI_IRQFD), 0x50),
                Arguments.of("an NMI", Run.on(Irqchip.KERNEL).path(Route.NMI), 2),
                Arguments.of("an IPI", Run.on(Irqchip.KERNEL).path(Route.IPI), 0x50),
                Arguments.of("another vCPU", Run.on(Irqchip.KERNEL).path(Route.MSI).vcpus(2).to(1), 0x50),
                Arguments.of("userspace 8259s", Run.on(Irqchip.USERSPACE), 0x2a),
                Arguments.of("a vector by number", Run.on(Irqchip.USERSPACE).vector(0x41), 0x41),
                Arguments.of("userspace 8259s, split", Run.on(Irqchip.SPLIT), 0x2a),
                Arguments.of("userspace IOAPIC", Run.on(Irqchip.SPLIT).path(Route.LINE), 0x3a));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("paths")
    void everyInterrupt_hasItsHandlerAndComesBeforeIt(String what, Run run, int vector) {
        TraceReport report = trace(run.count(COUNT));
        Timeline timeline = report.timeline();
        Map<Integer, HandlerRun> handlers = timeline.handlersByInterrupt();
        long error = timeline.uncertaintyNanos();

        assertThat(report.run().outcome()).as(what).isEqualTo(Outcome.TAKEN);
        assertThat(timeline.dropped()).isZero();
        assertThat(timeline.strayStamps()).isZero();
        assertThat(timeline.injections()).extracting(HostEvent.Injected::index).containsExactly(0, 1, 2, 3, 4);
        assertThat(handlers).containsOnlyKeys(0, 1, 2, 3, 4);
        assertThat(timeline.injections()).allSatisfy(injected -> {
            HandlerRun handler = handlers.get(injected.index());
            assertThat(handler.vector()).isEqualTo(vector);
            assertThat(handler.vcpu()).isEqualTo(report.run().target().vcpu());
            assertThat(handler.begin()).isGreaterThanOrEqualTo(injected.begin() - error);
            assertThat(handler.end().orElseThrow()).isGreaterThan(handler.begin());
            assertThat(handler.acknowledgedAt().orElseThrow()).isGreaterThanOrEqualTo(handler.begin() - error);
        });
        assertThat(all(VcpuEvent.Ran.class, report)).anySatisfy(ran -> {
            assertThat(ran.vcpu()).isEqualTo(report.run().target().vcpu());
            assertThat(ran.cause()).isEqualTo(ExitCause.KVM_EXIT_IO);
        });
    }

    private static Stream<Arguments> timers() {
        return Stream.of(Arguments.of(Run.on(Irqchip.KERNEL).path(Route.PIT)),
                Arguments.of(Run.on(Irqchip.KERNEL).path(Route.LAPIC_TIMER)));
    }

    @ParameterizedTest
    @MethodSource("timers")
    void timerTicks_haveHandlersWithoutInjections(Run run) {
        TraceReport report = trace(run.count(COUNT));

        assertThat(report.run().outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(report.timeline().injections()).isEmpty();
        assertThat(report.timeline().handlersByInterrupt()).containsOnlyKeys(0, 1, 2, 3, 4);
    }

    @Test
    void stormOfSeveralThreads_isRecordedByThread() {
        TraceReport report = trace(Run.on(Irqchip.KERNEL).guest(BuiltinGuest.SLOW).burst(8).threads(2).count(8));

        assertThat(report.timeline().injections()).hasSize(8);
        assertThat(report.timeline().injections().stream().map(HostEvent::thread).distinct()).hasSize(2);
    }

    @Test
    void smallRing_keepsTheBeginningAndCountsTheRest() {
        Timeline whole = trace(Run.on(Irqchip.KERNEL).count(20)).timeline();
        TraceReport report = trace(Run.on(Irqchip.KERNEL).count(20), 30);
        Timeline timeline = report.timeline();

        assertThat(report.run().outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(timeline.recorded()).isEqualTo(30);
        assertThat(timeline.dropped()).isPositive();
        assertThat(whole.dropped()).isZero();
        assertThat(whole.recorded()).isGreaterThan(100);
        assertThat(timeline.injections()).extracting(HostEvent.Injected::index)
                .isNotEmpty()
                .isEqualTo(IntStream.range(0, timeline.injections().size()).boxed().toList());
    }

    @Test
    void ringOfOneEvent_doesNotDisturbTheRun() {
        TraceReport report = trace(Run.on(Irqchip.KERNEL).vcpus(2).to(1).path(Route.MSI), 1);

        assertThat(report.run().outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(report.timeline().recorded()).isEqualTo(1);
        assertThat(report.timeline().handlers()).isEmpty();
    }

    @Test
    void crash_isRecordedToTheEnd() {
        TraceReport report = trace(Run.on(Irqchip.KERNEL).guest(BuiltinGuest.NO_IDT).force());

        assertThat(report.run().outcome()).isEqualTo(Outcome.GUEST_CRASHED);
        assertThat(all(VcpuEvent.Ran.class, report).getLast().cause()).isEqualTo(ExitCause.KVM_EXIT_SHUTDOWN);
    }

    @Test
    void interruptThatIsNotTaken_hasNoHandler() {
        TraceReport report =
                trace(Run.on(Irqchip.KERNEL).guest(BuiltinGuest.DEAF).count(1).timeout(Duration.ofSeconds(3)));

        assertThat(report.run().outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(report.timeline().injections()).hasSize(1);
        assertThat(report.timeline().handlers()).isEmpty();
    }

    @Test
    void runRefusedAtTheGates_isRecordedUpToTheCheck() {
        TraceReport report = trace(Run.on(Irqchip.KERNEL).path(Route.VECTOR));

        assertThat(report.run().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(all(HostEvent.GatesChecked.class, report)).hasSize(1);
        assertThat(report.timeline().injections()).isEmpty();
    }

    @Test
    void planThatIsRefused_hasAnEmptyTimeline() {
        TraceReport report = trace(Run.on(Irqchip.KERNEL).guest(BuiltinGuest.PIC).path(Route.IPI));

        assertThat(report.run().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(report.timeline()).isEqualTo(Timeline.empty());
    }

    @Test
    void refusedInjection_isRecordedWithItsErrno() {
        TraceReport report = trace(Run.on(Irqchip.KERNEL).path(Route.VECTOR).force().count(2));

        assertThat(all(HostEvent.Refused.class, report)).isNotEmpty()
                .allSatisfy(refused -> assertThat(refused.errno()).isEqualTo(6)); // ENXIO
    }

    /** Tools that draw traces depend on it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("paths")
    void eventsOfOneThreadOrVcpu_areNestedOrDisjoint(String what, Run run, int vector) {
        Map<String, List<TimedEvent>> tracks = trace(run.count(50)).timeline()
                .events()
                .stream()
                .filter(event -> !(event instanceof ControllerEvent))
                .collect(Collectors.groupingBy(TraceExperimentTest::track));

        assertThat(tracks).as(what).hasSizeGreaterThanOrEqualTo(2);
        assertThat(tracks.values()).allSatisfy(events -> assertThat(events).allSatisfy(
                event -> assertThat(events).noneMatch(other -> isCut(event, other))));
    }

    private static String track(TimedEvent event) {
        return switch (event) {
            case HostEvent host -> "thread " + host.thread();
            case VcpuEvent vcpu -> "vCPU " + vcpu.vcpu();
            case ControllerEvent _ -> "irqchip";
        };
    }

    private static boolean isCut(TimedEvent one, TimedEvent other) {
        return one.begin() < other.begin() && other.begin() < one.end() && one.end() < other.end();
    }
}
