package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE_X2APIC;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_SVR;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SDM vol. 3A, "APIC Timer" and "TSC-Deadline Mode". */
class LapicTimerGatesTest {

    private static final int LVT_TIMER = 0x320;
    private static final int INITIAL = 0x380;
    private static final int CURRENT = 0x390;
    private static final int DIVIDE = 0x3e0;
    private static final int VECTOR = 0x61;

    private static GuestStateSample timer(int mode, int initial, int current) {
        return open().lapic(LVT_TIMER, mode << 17 | VECTOR).lapic(INITIAL, initial).lapic(CURRENT, current);
    }

    private static GatePath path(GuestStateSample sample) {
        return Gates.ofLapicTimer(sample.state(), Route.LAPIC_TIMER);
    }

    private static Gate gate(GuestStateSample sample, GateKind kind) {
        return path(sample).gates().stream().filter(gate -> gate.kind() == kind).findFirst().orElseThrow();
    }

    /** The count stays 0 after it has run out; a write of 0 stops the timer, in both modes. Mode 3 is reserved. */
    @ParameterizedTest
    @CsvSource({"0, 0, 0, WAITS", "1, 0, 0, WAITS", "0, 9, 5, TAKEN", "1, 9, 5, TAKEN", "0, 9, 0, WAITS",
        "1, 9, 0, WAITS", "3, 9, 0, WAITS", "0, -1, -1, TAKEN"})
    void timer_ticksIfItCounts(int mode, int initial, int current, Fate fate) {
        assertThat(path(timer(mode, initial, current)).prediction().fate()).isEqualTo(fate);
    }

    @Test
    void reservedMode_isNamed() {
        assertThat(gate(timer(3, 9, 0), GateKind.TIMER).meaning()).contains("reserved");
    }

    /** "A write to the initial-count register is ignored in TSC-deadline mode." */
    @ParameterizedTest
    @CsvSource({"0, WAITS", "1, TAKEN"})
    void deadline_isArmedByTheMsrOnly(long deadline, Fate fate) {
        assertThat(path(timer(2, 9, 5).deadline(deadline)).prediction().fate()).isEqualTo(fate);
        assertThat(path(timer(2, 9, 5).deadline(deadline).apicBase(APIC_BASE | APIC_BASE_X2APIC)).prediction().fate())
                .isEqualTo(fate);
    }

    /** The divide configuration changes the rate only. */
    @Test
    void divider_doesNotMatter() {
        assertThat(path(timer(1, 9, 5).lapic(DIVIDE, 0xb)).prediction().fate()).isEqualTo(Fate.TAKEN);
    }

    /** A LAPIC that is disabled by its SVR masks its entries: enabling it comes first. */
    @Test
    void maskedEntryOfADisabledLapic_isUnmaskedAfterTheLapicIsEnabled() {
        GuestStateSample masked = timer(1, 9, 5).lapic(LVT_TIMER, 1 << 17 | 1 << 16 | VECTOR);

        assertThat(gate(masked, GateKind.LVT_TIMER).fix()).startsWith("have the guest clear bit 16");
        assertThat(gate(masked.lapic(LAPIC_SVR, 0xff), GateKind.LVT_TIMER).fix()).startsWith("have the guest enable");
    }
}
