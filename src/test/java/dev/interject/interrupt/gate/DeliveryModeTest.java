package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.open;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;

import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MsiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Intel SDM vol. 3A, "Message Data Register Format", "Interrupt Command Register (ICR)"; 82093AA data sheet, "I/O
 * Redirection Table Registers", bits 10:8; and what KVM makes of them ({@code __apic_accept_irq} of lapic.c).
 */
class DeliveryModeTest {

    private static final int VECTOR = 0x61;
    private static final int GSI = 20;
    private static final int SPURIOUS = 0xf0;
    private static final long LAPIC_OFF = 0xfee00100L;

    /** By message, by pin, and by IPI. */
    private static Stream<GatePath> paths(GuestStateSample sample, int mode, HostRules rules) {
        int low = VECTOR | mode << 8;
        GuestState state = sample.pin(GSI, low).state().with(rules);
        return Stream.of(Gates.ofMessage(state, Route.MSI, new MsiMessage(0xfee00000, low)),
                Gates.ofKernelLine(state, Route.LINE, GSI, Trigger.EDGE),
                Gates.ofIpi(state, Route.IPI, new Icr(low, false)));
    }

    private static Stream<Fate> fates(GuestStateSample sample, int mode, HostRules rules) {
        return paths(sample, mode, rules).map(path -> path.prediction().fate());
    }

    @ParameterizedTest
    @CsvSource({"0, TAKEN", "1, TAKEN", "2, BREAKS", "3, MISROUTED", "4, BREAKS", "5, BREAKS", "6, DROPPED",
        "7, MISROUTED"})
    void mode_hasTheSameFateByEachPath(int mode, Fate fate) {
        assertThat(fates(open(), mode, HostRules.OF_THE_MANUALS)).containsOnly(fate);
    }

    @Test
    void smi_isDroppedWhereKvmHasNone() {
        HostRules rules = HostRules.OF_THE_MANUALS.with(Departure.NO_SMI);

        assertThat(fates(open(), 2, rules)).containsOnly(Fate.DROPPED);
        assertThat(paths(open(), 2, rules).map(path -> path.firstThatIsNotOpen().orElseThrow().meaning()))
                .containsOnly("this host's KVM delivers no SMI");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 6, 7})
    void modeThatKvmTakesOtherwise_isADeparture(int mode) {
        assertThat(paths(open(), mode, HostRules.OF_THE_MANUALS).limit(2)
                .map(path -> path.firstThatIsNotOpen().orElseThrow().departure()))
                .allSatisfy(departure -> assertThat(departure).contains("Message Data Register Format"));
    }

    /** Intel SDM vol. 3A, "Local APIC State After It Has Been Software Disabled": it takes INIT, NMI, SMI, SIPI. */
    @ParameterizedTest
    @CsvSource({"0, DROPPED", "2, BREAKS", "4, BREAKS", "5, BREAKS"})
    void lapicThatIsSoftwareDisabled_acceptsAllButFixedInterrupts(int mode, Fate fate) {
        assertThat(fates(open().lapic(SPURIOUS, 0xff), mode, HostRules.OF_THE_MANUALS).limit(2)).containsOnly(fate);
    }

    /** Intel SDM vol. 3A, "Enabling or Disabling the Local APIC": without it, there is none. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 5, 6})
    void lapicThatIsOff_acceptsNothing(int mode) {
        assertThat(fates(open().apicBase(LAPIC_OFF), mode, HostRules.OF_THE_MANUALS).limit(2))
                .containsOnly(Fate.DROPPED);
    }
}
