package dev.interject.experiment.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import dev.interject.RequiresKvm;
import dev.interject.device.CommandPort;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.run.Run;
import dev.interject.experiment.run.RunObserver;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import dev.interject.trace.ControllerEvent;
import dev.interject.trace.ExitCause;
import dev.interject.trace.HostEvent;
import dev.interject.trace.KickEffect;
import dev.interject.trace.TimedEvent;
import dev.interject.trace.VcpuEvent;
import org.junit.jupiter.api.Test;

/** What is recorded of each path: events of the controllers, the vCPUs and the guest's handlers. */
@RequiresKvm
class TracedPathTest {

    private static TraceReport trace(Run run) {
        return TraceExperiment.run(run.plan(), 100_000, new Cancellation(), RunObserver.NONE);
    }

    private static <E extends TimedEvent> List<E> all(Class<E> kind, TraceReport report) {
        return report.timeline().events().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    void kernelLine_isRaisedAcceptedAndLowered() {
        TraceReport report = trace(Run.on(Irqchip.KERNEL).count(2));

        assertThat(report.timeline().events().stream().filter(ControllerEvent.class::isInstance))
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("LineRaised", "LineLowered", "LineRaised", "LineLowered");
        assertThat(all(ControllerEvent.LineRaised.class, report)).allSatisfy(raised -> {
            assertThat(raised.line()).isEqualTo(10);
            assertThat(raised.status()).isPositive();
        });
    }

    @Test
    void userspacePic_acknowledgesTheVectorAndGetsBothEois() {
        TraceReport report = trace(Run.on(Irqchip.USERSPACE).count(1));

        assertThat(all(ControllerEvent.VectorAcknowledged.class, report)).extracting(event -> event.vector())
                .containsExactly(0x2a);
        assertThat(all(VcpuEvent.VectorQueued.class, report)).singleElement().satisfies(queued -> {
            assertThat(queued.vector()).isEqualTo(0x2a);
            assertThat(queued.accepted()).isTrue();
        });
        assertThat(all(ControllerEvent.PicEoi.class, report)).extracting(event -> event.slave())
                .containsExactly(true, false);
    }

    @Test
    void haltedVcpu_isWoken() {
        TraceReport report = trace(Run.on(Irqchip.USERSPACE).count(5).interval(Duration.ofMillis(2)));

        assertThat(all(VcpuEvent.Slept.class, report)).isNotEmpty();
        assertThat(all(HostEvent.Kicked.class, report)).extracting(event -> event.effect()).contains(KickEffect.WOKEN);
    }

    @Test
    void busyVcpu_isKickedWithASignal() {
        TraceReport report = trace(Run.on(Irqchip.USERSPACE).guest(BuiltinGuest.BUSY).count(3));

        assertThat(report.run().outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(all(HostEvent.Kicked.class, report)).extracting(event -> event.effect())
                .contains(KickEffect.SIGNALLED);
        assertThat(all(VcpuEvent.Ran.class, report)).extracting(event -> event.cause()).contains(ExitCause.EINTR);
    }

    @Test
    void secondPendingVector_requestsAWindow() {
        TraceReport report = trace(Run.on(Irqchip.USERSPACE).guest(BuiltinGuest.SLOW).vector(0x41).burst(2).count(2));

        assertThat(report.run().outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(all(VcpuEvent.WindowRequested.class, report)).isNotEmpty();
        assertThat(report.timeline().handlersByInterrupt()).containsOnlyKeys(0, 1);
    }

    @Test
    void levelEoi_isRecordedWhereItReachesTheHost() {
        TraceReport split = trace(Run.on(Irqchip.SPLIT).path(Route.LINE).trigger(Trigger.LEVEL).count(1));
        TraceReport resampled = trace(Run.on(Irqchip.KERNEL).path(Route.IRQFD).trigger(Trigger.LEVEL).count(2));

        assertThat(all(ControllerEvent.IoapicEoi.class, split)).extracting(event -> event.vector())
                .containsExactly(0x3a);
        assertThat(all(VcpuEvent.Ran.class, split)).extracting(event -> event.cause())
                .contains(ExitCause.KVM_EXIT_IOAPIC_EOI);
        assertThat(all(ControllerEvent.ResampleSignalled.class, resampled)).isNotEmpty();
        assertThat(all(ControllerEvent.EventfdSignalled.class, resampled)).hasSize(2);
    }

    @Test
    void nmi_isRequestedOnTheVcpusThread() {
        TraceReport report = trace(Run.on(Irqchip.KERNEL).path(Route.NMI).count(2));

        assertThat(all(VcpuEvent.NmiRequested.class, report)).hasSize(2);
    }

    @Test
    void ipi_isSentByAHandlerOfTheSender() {
        TraceReport report = trace(Run.on(Irqchip.KERNEL).path(Route.IPI).vcpus(2).to(1).count(2));

        assertThat(report.timeline().handlers()).filteredOn(run -> run.vcpu() == 0)
                .hasSize(2)
                .allSatisfy(run -> {
                    assertThat(run.vector()).isEqualTo(CommandPort.VECTOR);
                    assertThat(run.index()).isEmpty();
                });
        assertThat(all(ControllerEvent.MessageSent.class, report)).hasSize(2);
    }

    @Test
    void coalescedPulses_haveStatusZeroAndNoHandler() {
        TraceReport report = trace(Run.on(Irqchip.KERNEL).guest(BuiltinGuest.SLOW).burst(5).count(10));
        long coalesced = report.run().ledger().coalesced();

        assertThat(coalesced).isPositive();
        assertThat(report.timeline().injections()).hasSize(10)
                .filteredOn(injected -> injected.status() == 0)
                .hasSize((int) coalesced)
                .allSatisfy(injected -> assertThat(report.timeline().handlersByInterrupt())
                        .doesNotContainKey(injected.index()));
        assertThat(report.timeline().handlersByInterrupt()).hasSize((int) report.run().ledger().taken());
    }

    @Test
    void coalescedMessages_areRecordedWhenFound() {
        TraceReport report = trace(Run.on(Irqchip.KERNEL).path(Route.MSI).burst(5).count(10));

        assertThat(all(ControllerEvent.Coalesced.class, report).stream().mapToLong(merged -> merged.count()).sum())
                .isEqualTo(report.run().ledger().coalesced())
                .isPositive();
    }
}
