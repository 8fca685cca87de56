package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.CODE_DESCRIPTOR;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_LVT0;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_SVR;
import static dev.interject.interrupt.gate.GuestStateSample.MASTER_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.events;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static dev.interject.interrupt.gate.PicSample.pic;
import static dev.interject.interrupt.gate.PicSample.requesting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.Page;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.VcpuEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each kind of gate, closed once, and what it says then. */
class GateKindTest {

    private static final int LINE = 3;
    private static final int GSI = 20;
    private static final int VECTOR = 0x61;
    private static final long LEVEL = 1 << 15;
    private static final long REMOTE_IRR = 1 << 14;
    private static final int MASKED = 1 << 16;
    private static final VcpuEvents IN_NMI = VcpuEvents.NONE.withNmiMasked(true);
    private static final VcpuEvents TWO_NMIS = VcpuEvents.NONE.withNmisPending(2);

    private static GatePath line(GuestStateSample sample) {
        return Gates.ofKernelLine(sample.state(), Route.LINE, LINE, Trigger.EDGE);
    }

    private static GatePath pin(GuestStateSample sample) {
        return Gates.ofKernelLine(sample.state(), Route.LINE, GSI, Trigger.EDGE);
    }

    private static GatePath message(GuestStateSample sample, int address) {
        return Gates.ofMessage(sample.state(), Route.MSI, new MsiMessage(address, VECTOR));
    }

    private static GatePath lapic(GuestStateSample sample) {
        return message(sample, 0xfee00000);
    }

    private static byte[] gatesOfType(int access) {
        byte[] gates = TableSample.gates();
        gates[VECTOR * 16 + 5] = (byte) access;
        return gates;
    }

    private static byte[] taskGates() {
        byte[] gates = new byte[256 * 8];
        gates[VECTOR * 8 + 2] = 8;
        gates[VECTOR * 8 + 5] = (byte) 0x85;
        return gates;
    }

    private static byte[] realVectors() {
        byte[] vectors = new byte[1024];
        Arrays.fill(vectors, (byte) 1);
        return vectors;
    }

    private static byte[] gatesOf32Bits() {
        byte[] gates = taskGates();
        gates[VECTOR * 8 + 5] = (byte) 0x8e;
        return gates;
    }

    private static byte[] gatesOfSegment(int selector) {
        byte[] gates = TableSample.gates();
        gates[VECTOR * 16 + 2] = (byte) selector;
        return gates;
    }

    private static byte[] gatesWithStack() {
        byte[] gates = TableSample.gates();
        gates[VECTOR * 16 + 4] = 1;
        return gates;
    }

    /** A path on which only a gate of that kind is not open. */
    private static GatePath closedAt(GateKind kind) {
        return switch (kind) {
            case REQUEST -> lapic(open().on(Irqchip.USERSPACE));
            case GSI -> Gates.ofKernelLine(open().state(), Route.LINE, 24, Trigger.EDGE);
            case ROUTE -> line(open().routes());
            case WIRE -> line(open().master(pic(MASTER_BASE, 0, 0).withLinesHigh(1 << LINE)));
            case PIC_BASE -> line(open().master(pic(0x08, 0, 0)));
            case PIC_IRR -> line(open().master(requesting(MASTER_BASE, 1 << LINE)));
            case PIC_IMR -> line(open().master(pic(MASTER_BASE, 1 << LINE, 0)));
            case PIC_ISR -> line(open().master(pic(MASTER_BASE, 0, 1 << LINE)));
            case CASCADE -> Gates.ofKernelLine(open().state(), Route.LINE, 2, Trigger.EDGE);
            case SPURIOUS -> Gates.ofVector(open().on(Irqchip.USERSPACE).state(), MASTER_BASE + 7);
            case LVT0 -> line(open().lapic(LAPIC_LVT0, MASKED));
            case TIMER -> Gates.ofLapicTimer(open().lapic(0x320, VECTOR).state(), Route.LAPIC_TIMER);
            case PIT -> Gates.ofPit(open().pit(PitSample.notProgrammed()).state(), Route.PIT);
            case LVT_TIMER -> Gates.ofLapicTimer(
                    open().lapic(0x320, MASKED | VECTOR).lapic(0x380, 1).lapic(0x390, 1).state(), Route.LAPIC_TIMER);
            case IOAPIC_MASK -> pin(open().pin(GSI, VECTOR | MASKED));
            case IOAPIC_MODE -> pin(open().pin(GSI, VECTOR | 5 << 8));
            case IOAPIC_REMOTE_IRR -> pin(open().pin(GSI, VECTOR | LEVEL | REMOTE_IRR));
            case RTC -> Gates.ofKernelLine(
                    open().routes(new GsiRoute.ToPin(8, 2, 8)).pin(8, VECTOR).lapic(0x230, 1 << 1).state(), Route.LINE,
                    8, Trigger.EDGE);
            case APIC_ID -> message(open(), 0xfee01000);
            case DESTINATION -> message(open().vcpu(0, 2, MpState.RUNNABLE), 0xfee01000);
            case MESSAGE -> message(open(), 0xfed00000);
            case ICR -> Gates.ofIpi(open().state(), Route.IPI, new Icr(0x4500, false));
            case VECTOR -> Gates.ofVector(open().on(Irqchip.USERSPACE).state(), 0x1f);
            case LAPIC_ENABLE -> lapic(open().apicBase(0));
            case LAPIC_SVR -> lapic(open().lapic(LAPIC_SVR, 0xff));
            case LAPIC_TPR -> lapic(open().lapic(0x80, VECTOR));
            case LAPIC_ISR -> lapic(open().lapic(0x130, 1 << 1));
            case LAPIC_IRR -> lapic(open().lapic(0x230, 1 << 1));
            case ACTIVITY -> message(open().vcpu(1, 2, MpState.UNINITIALIZED), 0xfee01000);
            case INTERRUPT_FLAG -> lapic(open().closed());
            case SHADOW -> lapic(open().with(events(false, true, false)));
            case EVENT_QUEUE -> lapic(open().with(events(true, false, false)));
            case WINDOW -> Gates.ofVector(open().on(Irqchip.USERSPACE).closed().notReady().state(), 0x41);
            case NMI_HANDLER -> Gates.ofNmi(open().state(), false);
            case NMI_MASK -> Gates.ofNmi(open().with(IN_NMI).state(), true);
            case NMI_QUEUE -> Gates.ofNmi(open().with(TWO_NMIS).state(), true);
            case IDT -> lapic(open().idt(new byte[16]));
            case GATE_TYPE -> lapic(open().idt(gatesOfType(0x8c)));
            case REAL_MODE_LIMIT -> lapic(open().inRealMode().idt(VECTOR * 4, realVectors()));
            case STACK_LIMIT -> lapic(open().inRealMode().idt(realVectors()).rsp(1));
            case SEGMENT_RIGHTS ->
                lapic(open().idt(gatesOfSegment(0x10)).gdt(0, CODE_DESCRIPTOR, CODE_DESCRIPTOR & ~(1L << 47)));
            case TSS_LIMIT -> lapic(open().idt(gatesWithStack()).tss(0x20, new byte[104]));
            case RETURN_RIGHTS -> lapic(open().gdt(0, CODE_DESCRIPTOR, CODE_DESCRIPTOR).ss(0x10));
            case TASK -> lapic(open().inProtectedMode().idt(taskGates()));
            case CODE_SEGMENT -> lapic(open().gdt(0));
            case STACK_PAGE -> lapic(open().rsp(0x5000).page(0x4fff, Page.ABSENT));
            case HANDLER_PAGE -> lapic(open().page(0x8000, Page.ABSENT));
            case RETURN -> lapic(open().ss(0x10));
            case STACK -> lapic(open().inProtectedMode().inRing(3).idt(gatesOf32Bits()).tss(new byte[104]));
        };
    }

    @ParameterizedTest
    @EnumSource
    void closedGate_isTheOnlyOneWithPlaceEvidenceAndFix(GateKind kind) {
        // the window is the sum of the vCPU's own gates: it is closed by one of them, and last; what the clock's pin
        // waits for is in the LAPIC
        List<Gate> notOpen = closedAt(kind).gates()
                .stream()
                .filter(gate -> !gate.isOpen())
                .filter(gate -> kind != GateKind.WINDOW || gate.kind() != GateKind.INTERRUPT_FLAG)
                .filter(gate -> kind != GateKind.RTC || gate.kind() != GateKind.LAPIC_IRR)
                .toList();

        assertThat(notOpen).extracting(Gate::kind).containsExactly(kind);
        assertThat(notOpen.getFirst()).satisfies(gate -> {
            assertThat(gate.place()).isNotBlank();
            assertThat(gate.evidence()).isNotBlank();
            assertThat(gate.meaning()).isNotBlank();
            assertThat(gate.fix()).isNotBlank();
        });
    }

    @ParameterizedTest
    @EnumSource
    void openGates_havePlaceAndEvidenceButNoFix(GateKind kind) {
        assertThat(closedAt(kind).gates()).filteredOn(Gate::isOpen).allSatisfy(gate -> {
            assertThat(gate.place()).isNotBlank();
            assertThat(gate.evidence()).isNotBlank();
            assertThat(gate.meaning()).isNotBlank();
            assertThat(gate.fix()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void reference_namesADocumentAndATitleInIt(GateKind kind) {
        assertThat(kind.reference()).matches("(Intel SDM vol\\. \\d[A-D]?|api\\.rst|[0-9A-Z]+ data sheet), \".+\".*");
    }

    @Test
    void labels_areDistinct() {
        assertThat(GateKind.IOAPIC_REMOTE_IRR.label()).isEqualTo("ioapic-remote-irr");
        assertThat(Stream.of(GateKind.values()).map(GateKind::label)).doesNotHaveDuplicates()
                .allMatch(word -> word.matches("[a-z0-9-]+"));
    }
}
