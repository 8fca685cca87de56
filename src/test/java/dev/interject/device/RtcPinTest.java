package dev.interject.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import dev.interject.RequiresKvm;
import dev.interject.kvm.IrqLine;
import dev.interject.kvm.state.GsiRoute;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pin 8 of KVM's IOAPIC, where a PC has its clock, beside pin 9: what the status of KVM_IRQ_LINE_STATUS says. */
@RequiresKvm
class RtcPinTest {

    private static final int IOAPIC = 2;
    private static final int RTC = 8;
    private static final int OTHER = 9;
    private static final int VECTOR = 0x61;

    @AutoClose
    private final ApicPuppet guest = new ApicPuppet();

    @BeforeEach
    void leadBothToTheIoapicOnly() {
        guest.virtualMachine()
                .setRoutes(
                        List.of(new GsiRoute.ToPin(RTC, IOAPIC, RTC), new GsiRoute.ToPin(OTHER, IOAPIC, OTHER)));
        List<Redirection> entries = new ArrayList<>(guest.virtualMachine().ioapicState().entries());
        entries.set(RTC, new Redirection(VECTOR));
        entries.set(OTHER, new Redirection(VECTOR + 1));
        guest.virtualMachine().setIoapicState(new IoapicState(0, entries));
    }

    private int pulse(int gsi) {
        IrqLine line = guest.virtualMachine().irqLine(gsi);
        int status = line.raise();
        line.lower();
        return status;
    }

    @Test
    void requestWhileOneIsNotEnded_isMergedAtPin8Only() {
        assertThat(pulse(RTC)).isEqualTo(1);
        assertThat(pulse(OTHER)).isEqualTo(1);

        assertThat(pulse(RTC)).isZero();
        assertThat(pulse(OTHER)).isEqualTo(1);
    }

    @Test
    void requestAfterTheEoi_isDelivered() {
        pulse(RTC);
        assertThat(guest.open()).isEqualTo(VECTOR);

        assertThat(pulse(RTC)).isEqualTo(1);
        assertThat(guest.open()).isEqualTo(VECTOR);
    }
}
