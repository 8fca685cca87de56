package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE_X2APIC;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_DFR;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_ID;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_LDR;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Lapic;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.MsiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which LAPICs a destination names, by the sections of the Intel SDM vol. 3A, chapter "APIC". */
class DestinationTest {

    private static final int FLAT = 0xffffffff;
    private static final int CLUSTER = 0x0fffffff;
    private static final int VECTOR = 0x61;

    private static Lapic lapic(GuestStateSample sample) {
        return sample.state().lapics().getFirst();
    }

    private static boolean logical(String id, GuestStateSample sample) {
        return Destination.of(Integer.decode(id), true).names(lapic(sample));
    }

    private static GuestStateSample xapic(String logicalId, int format) {
        return open().lapic(LAPIC_DFR, format).lapic(LAPIC_LDR, Integer.decode(logicalId) << 24);
    }

    private static GuestStateSample x2apic(int logicalId) {
        return open().apicBase(APIC_BASE | APIC_BASE_X2APIC).lapic(LAPIC_DFR, FLAT).lapic(LAPIC_LDR, logicalId);
    }

    // --- "Physical Destination Mode", "Local APIC ID"

    @ParameterizedTest
    @CsvSource({"0, 0, true", "1, 0, false", "1, 1, true", "0, 1, false", "2, 1, false", "255, 0, true",
        "255, 1, true"})
    void physical_isTheApicIdOrABroadcast(int id, int register, boolean named) {
        assertThat(Destination.of(id, false).names(lapic(open().lapic(LAPIC_ID, register << 24)))).isEqualTo(named);
        assertThat(Destination.of(id, false).isBroadcast()).isEqualTo(id == 255);
    }

    @Test
    void idThatTheGuestHasWritten_replacesTheNumberOfTheVcpu() {
        GuestState state = open().vcpu(0, 2, MpState.RUNNABLE).lapic(LAPIC_ID, 5 << 24).state();

        assertThat(Gates.ofMessage(state, Route.MSI, MsiMessage.fixed(5, VECTOR)).firstThatIsNotOpen()).isEmpty();
        assertThat(Gates.ofMessage(state, Route.MSI, MsiMessage.fixed(0, VECTOR)).firstThatIsNotOpen())
                .hasValue(Gate.misrouted(GateKind.APIC_ID, "message, destination", "APIC ID 0",
                        "no vCPU of this machine has that APIC ID", "use APIC ID 5 in physical destination mode"));
    }

    // --- "Logical Destination Mode": flat and cluster model

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

    // --- "Logical Destination Mode in x2APIC Mode", "Deriving Logical x2APIC ID from the Local x2APIC ID"

    @ParameterizedTest
    @CsvSource({"0x01, 0x00000001, true", "0x06, 0x00000002, true", "0x01, 0x00000002, false",
        "0x02, 0x00010002, false", "0x80, 0x00000080, true", "0x10, 0x00000100, false", "0xff, 0x00010002, true"})
    void messageToX2apics_isASetInTheFirstCluster(String id, String logicalId, boolean named) {
        assertThat(logical(id, x2apic(Integer.decode(logicalId)))).isEqualTo(named);
    }

    @ParameterizedTest
    @CsvSource({"0x12c, false, true", "0x12d, false, false", "0xff, false, false", "0x00121000, true, true",
        "0x00120800, true, false", "0x00111000, true, false", "0xffffffff, false, true", "0xffffffff, true, true"})
    void ipiOfAnX2apic_has32BitsOfDestination(String destination, boolean isLogical, boolean named) {
        Lapic target = lapic(x2apic(0x00121000));
        Icr icr = new Icr(Long.decode(destination) << 32 | (isLogical ? 1 << 11 : 0) | VECTOR, true);

        assertThat(target.id()).isEqualTo(0x12c);
        assertThat(Destination.of(icr, 1).names(target)).isEqualTo(named);
    }

    // --- "Interrupt Command Register (ICR)": destination shorthands

    @ParameterizedTest
    @CsvSource({"1, true, false", "2, true, true", "3, false, true"})
    void shorthand_isRelativeToTheSender(long shorthand, boolean itself, boolean others) {
        Lapic first = lapic(open());
        Icr icr = new Icr(7L << 56 | shorthand << 18 | VECTOR, false);

        assertThat(Destination.of(icr, 0).names(first)).isEqualTo(itself);
        assertThat(Destination.of(icr, 1).names(first)).isEqualTo(others);
    }

    @ParameterizedTest
    @CsvSource({"false, false, true", "false, true, false", "true, false, false", "true, true, true"})
    void broadcastOfAnIpi_isOfItsSendersWidth(boolean fromX2apic, boolean toX2apic, boolean named) {
        Destination all = Destination.of(new Icr(fromX2apic ? -1L << 32 : 0xffL << 56, fromX2apic), 1);

        assertThat(all.names(lapic(toX2apic ? x2apic(1) : open()))).isEqualTo(named);
    }

    // --- gates

    @Test
    void logicalIdThatDoesNotMatch_isShownAtPinAndMessage() {
        GuestState state = xapic("0x02", FLAT).pin(20, VECTOR | 1 << 11 | 1L << 56).state();
        GatePath pin = Gates.ofKernelLine(state, Route.LINE, 20, Trigger.EDGE);
        GatePath message = Gates.ofMessage(state, Route.MSI, new MsiMessage(0xfee01004, VECTOR));

        assertThat(pin.firstThatIsNotOpen())
                .hasValue(Gate.misrouted(GateKind.APIC_ID, "IOAPIC, pin 20, destination",
                        "logical, 0x01", "no LAPIC's logical ID matches (LDR 0x02000000, DFR 0xffffffff)",
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
}
