package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.MpState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 82093AA data sheet, "I/O Redirection Table Registers", bit 14: only a level waits for an EOI. In KVM, pin 8 does. */
class RtcGateTest {

    private static final int VECTOR = 0x61;
    private static final int IN_SERVICE = 0x130;
    private static final int REQUESTED = 0x230;
    private static final int ID = 0x20;
    private static final int LDR = 0xd0;
    /** Logical destination 3. */
    private static final long TO_BOTH = 3L << 56 | 1 << 11;

    private static GuestStateSample pin(int pin) {
        return open().routes(new GsiRoute.ToPin(pin, 2, pin)).pin(pin, VECTOR);
    }

    private static GatePath line(GuestStateSample sample, int gsi) {
        return Gates.ofKernelLine(sample.state(), Route.LINE, gsi, Trigger.EDGE);
    }

    @ParameterizedTest
    @CsvSource({"8, MERGES", "9, WAITS"})
    void requestWhileOneIsInService_isMergedAtPin8Only(int pin, Fate fate) {
        assertThat(line(pin(pin).lapic(IN_SERVICE, 1 << 1), pin).prediction().fate()).isEqualTo(fate);
    }

    @Test
    void requestWhileOneIsPending_isMergedThereToo() {
        GatePath path = line(pin(8).lapic(REQUESTED, 1 << 1), 8);

        assertThat(path.prediction().because()).map(Gate::kind).hasValue(GateKind.RTC);
        assertThat(path.prediction().because()).map(Gate::departure)
                .hasValueSatisfying(
                        departure -> assertThat(departure).contains("82093AA data sheet"));
    }

    /** KVM counts the EOIs of all vCPUs that took it. */
    @Test
    void requestThatAnotherVcpuServes_isMergedAsWell() {
        GuestStateSample second = open().vcpu(1, 2, MpState.RUNNABLE).lapic(ID, 1 << 24).lapic(LDR, 2 << 24);
        GuestStateSample sample = pin(8).pin(8, TO_BOTH | VECTOR).vcpu(0, 2, MpState.RUNNABLE).lapic(LDR, 1 << 24);

        assertThat(line(sample.peer(1, second), 8).prediction().fate()).isEqualTo(Fate.TAKEN);
        assertThat(line(sample.peer(1, second.lapic(IN_SERVICE, 1 << 1)), 8).prediction().fate())
                .isEqualTo(Fate.MERGES);
    }

    @Test
    void requestWithoutAnother_passes() {
        assertThat(line(pin(8), 8).prediction().fate()).isEqualTo(Fate.TAKEN);
    }

    /** KVM tracks the requests of KVM_IRQ_LINE_STATUS only. */
    @Test
    void eventfd_isNotTracked() {
        GatePath path = Gates.ofEventfd(pin(8).lapic(IN_SERVICE, 1 << 1).state(), Route.IRQFD, 8, Trigger.EDGE);

        assertThat(path.prediction().fate()).isEqualTo(Fate.WAITS);
    }

    @Test
    void maskedPin_dropsIt() {
        assertThat(line(pin(8).pin(8, VECTOR | 1 << 16), 8).prediction().fate()).isEqualTo(Fate.DROPPED);
    }
}
