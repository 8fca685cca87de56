package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE_X2APIC;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_DFR;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_LDR;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.MsiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationTest {

    private static final int FLAT = 0xffffffff;
    private static final int CLUSTER = 0x0fffffff;
    private static final int VECTOR = 0x61;

    private static boolean logical(String id, GuestStateSample sample) {
        return new Destination(Integer.decode(id), true).names(sample.state());
    }

    private static GuestStateSample xapic(String logicalId, int format) {
        return open().lapic(LAPIC_DFR, format).lapic(LAPIC_LDR, Integer.decode(logicalId) << 24);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, true", "1, 0, false", "1, 1, true", "0, 1, false", "2, 1, false", "255, 0, true",
        "255, 1, true"})
    void physical_isTheApicIdOrABroadcast(int id, int vcpu, boolean named) {
        GuestState state = open().vcpu(vcpu, 2, MpState.RUNNABLE).state();

        assertThat(Destination.physical(id).names(state)).isEqualTo(named);
        assertThat(Destination.physical(id).isBroadcast()).isEqualTo(id == 255);
    }

    @ParameterizedTest
    @CsvSource({"0x01, 0x01, true", "0x03, 0x02, true", "0x80, 0x80, true", "0x02, 0x01, false", "0xfe, 0x01, false",
        "0x00, 0x01, false", "0x01, 0x00, false", "0xff, 0x01, true", "0xff, 0x00, true"})
    void flatModel_isASetOfEight(String id, String logicalId, boolean named) {
        assertThat(logical(id, xapic(logicalId, FLAT))).isEqualTo(named);
    }

    @ParameterizedTest
    @CsvSource({"0x01, 0x01, true", "0x23, 0x22, true", "0x2f, 0x28, true", "0x13, 0x22, false", "0x32, 0x22, false",
        "0x21, 0x22, false", "0x20, 0x22, false", "0x81, 0x81, true", "0xf1, 0xf1, true", "0xff, 0x22, true"})
    void clusterModel_isASetOfFourInOneOfItsClusters(String id, String logicalId, boolean named) {
        assertThat(logical(id, xapic(logicalId, CLUSTER))).isEqualTo(named);
    }

    @ParameterizedTest
    @CsvSource({"0x01, 0x00000001, true", "0x06, 0x00000002, true", "0x01, 0x00000002, false",
        "0x02, 0x00010002, false", "0x80, 0x00000080, true", "0x10, 0x00000100, false", "0xff, 0x00010002, true"})
    void x2apicModel_isASetInTheFirstCluster(String id, String logicalId, boolean named) {
        GuestStateSample x2apic = open().apicBase(APIC_BASE | APIC_BASE_X2APIC)
                .lapic(LAPIC_DFR, FLAT)
                .lapic(LAPIC_LDR, Integer.decode(logicalId));

        assertThat(logical(id, x2apic)).isEqualTo(named);
    }

    @Test
    void logicalIdThatDoesNotMatch_isShownAtPinAndMessage() {
        GuestState state = xapic("0x02", FLAT).pin(20, VECTOR | 1 << 11 | 1L << 56).state();
        GatePath pin = Gates.ofKernelLine(state, Route.LINE, 20, Trigger.EDGE);
        GatePath message = Gates.ofMessage(state, Route.MSI, new MsiMessage(0xfee01004, VECTOR));

        assertThat(pin.firstThatIsNotOpen())
                .hasValue(Gate.misrouted(GateKind.APIC_ID, "IOAPIC, pin 20, destination",
                        "logical, 0x01", "the LAPIC's logical ID (LDR 0x02000000, DFR 0xffffffff) does not match",
                        "use APIC ID 0 in physical destination mode"));
        assertThat(message.firstThatIsNotOpen()).map(Gate::place).hasValue("message, destination");
    }

    @Test
    void logicalIdThatMatches_isOpenAtPinAndMessage() {
        GuestState state = xapic("0x02", FLAT).pin(20, VECTOR | 1 << 11 | 3L << 56).state();

        assertThat(Gates.ofKernelLine(state, Route.LINE, 20, Trigger.EDGE).firstThatIsNotOpen()).isEmpty();
        assertThat(Gates.ofMessage(state, Route.MSI, new MsiMessage(0xfee03004, VECTOR)).firstThatIsNotOpen())
                .isEmpty();
    }

    @Test
    void logicalBroadcast_isMisroutedIfThereAreOtherVcpus() {
        GuestState first = xapic("0x01", FLAT).vcpu(0, 3, MpState.RUNNABLE).state();
        MsiMessage toAll = new MsiMessage(0xfeeff004, VECTOR);

        assertThat(Gates.ofMessage(first, Route.MSI, toAll).firstThatIsNotOpen()).map(Gate::meaning)
                .hasValue("a broadcast: all 3 vCPUs would take it");
        assertThat(Gates.ofMessage(xapic("0x01", FLAT).state(), Route.MSI, toAll).firstThatIsNotOpen()).isEmpty();
    }
}
