package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.MASTER_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.SLAVE_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.events;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static dev.interject.interrupt.gate.PicSample.pic;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatesTest {

    /** The one gate at that place; all others must be open. */
    private static Gate only(GatePath gatePath, String place) {
        List<Gate> notOpen = gatePath.gates().stream().filter(gate -> gate.verdict() != Verdict.OPEN).toList();
        assertThat(notOpen).extracting(Gate::place).containsExactly(place);
        return notOpen.getFirst();
    }

    private static GatePath ofKernelLine(GuestState state, int gsi) {
        return Gates.ofKernelLine(state, Route.LINE, gsi, Trigger.EDGE);
    }

    private static Verdict at(GatePath gatePath, String place) {
        return gatePath.gates().stream().filter(gate -> gate.place().equals(place)).findFirst().orElseThrow().verdict();
    }

    @Test
    void openGuest_letsALineOfTheMasterThroughAllItsGates() {
        GatePath gatePath = ofKernelLine(open().state(), 3);

        assertThat(gatePath.vector()).isEqualTo(0x23);
        assertThat(gatePath.firstThatIsNotOpen()).isEmpty();
        assertThat(gatePath.gates()).extracting(Gate::place)
                .containsExactly("KVM_IRQ_LINE_STATUS", "GSI", "GSI, routing", "master 8259, wire",
                        "master 8259, IMR", "master 8259, ISR", "master 8259, vector base", "LAPIC, LVT0",
                        "vCPU, RFLAGS.IF",
                        "vCPU, interrupt shadow", "vCPU, event queue", "IDT, vector 0x23", "GDT, code segment",
                        "IRETQ", "master 8259, IRR");
    }

    @Test
    void openGuest_letsALineOfTheSlaveThroughTheCascadeToo() {
        GatePath gatePath = ofKernelLine(open().state(), 10);

        assertThat(gatePath.vector()).isEqualTo(0x2a);
        assertThat(gatePath.firstThatIsNotOpen()).isEmpty();
        assertThat(gatePath.gates()).extracting(Gate::place)
                .containsSubsequence("slave 8259, IMR", "slave 8259, ISR", "master 8259, cascade, IMR",
                        "master 8259, cascade, ISR", "vCPU, RFLAGS.IF");
    }

    @Test
    void openGuest_letsALineOfTheUserspacePairThrough() {
        GatePath gatePath = Gates.ofUserspaceLine(open().on(Irqchip.USERSPACE).state(), 15, Trigger.EDGE);

        assertThat(gatePath.vector()).isEqualTo(0x2f);
        assertThat(gatePath.firstThatIsNotOpen()).isEmpty();
        assertThat(gatePath.gates()).extracting(Gate::place).startsWith("KVM_INTERRUPT", "slave 8259, wire");
    }

    @Test
    void openGuest_letsAVectorThrough() {
        GatePath gatePath = Gates.ofVector(open().on(Irqchip.USERSPACE).state(), 0x41);

        assertThat(gatePath.vector()).isEqualTo(0x41);
        assertThat(gatePath.firstThatIsNotOpen()).isEmpty();
        assertThat(gatePath.gates()).extracting(Gate::place)
                .containsExactly("KVM_INTERRUPT", "vector", "vCPU, RFLAGS.IF", "vCPU, interrupt shadow",
                        "vCPU, event queue", "vCPU, injection window", "IDT, vector 0x41", "GDT, code segment",
                        "IRETQ");
    }

    @ParameterizedTest
    @EnumSource(names = "USERSPACE")
    void lineWithoutAnyControllerInTheKernel_isMisroutedAtTheFirstGate(Irqchip irqchip) {
        GatePath gatePath = ofKernelLine(open().on(irqchip).state(), 10);

        assertThat(only(gatePath, "KVM_IRQ_LINE_STATUS").verdict()).isEqualTo(Verdict.MISROUTED);
        assertThat(gatePath.vector()).isEqualTo(-1);
        assertThat(gatePath.gates()).hasSize(1);
        assertThat(gatePath.gates().getFirst().evidence()).isEqualTo("irqchip " + irqchip.label());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 24, 4096})
    void gsiThatNoControllerHas_isMisrouted(int gsi) {
        GatePath gatePath = ofKernelLine(open().state(), gsi);

        assertThat(only(gatePath, "GSI").verdict()).isEqualTo(Verdict.MISROUTED);
        assertThat(gatePath.vector()).isEqualTo(-1);
    }

    @Test
    void interruptWithAPicInTheKernel_isMisroutedForVectorAndLine() {
        assertThat(only(Gates.ofVector(open().state(), 0x41), "KVM_INTERRUPT"))
                .satisfies(gate -> assertThat(gate.verdict()).isEqualTo(Verdict.MISROUTED))
                .satisfies(gate -> assertThat(gate.meaning()).contains("ENXIO", "path line"));
        assertThat(at(Gates.ofUserspaceLine(open().state(), 10, Trigger.EDGE), "KVM_INTERRUPT"))
                .isEqualTo(Verdict.MISROUTED);
    }

    @Test
    void interruptWithALapicInTheKernelAlone_isOpen() {
        assertThat(Gates.ofVector(open().on(Irqchip.SPLIT).state(), 0x41).firstThatIsNotOpen()).isEmpty();
    }

    @Test
    void lineOfTheCascade_breaks() {
        assertThat(only(ofKernelLine(open().state(), 2), "master 8259, cascade").verdict())
                .isEqualTo(Verdict.BREAKS);
    }

    @ParameterizedTest
    @CsvSource({"0x27, BREAKS", "0x2f, BREAKS", "0x26, OPEN", "0x47, OPEN"})
    void vectorOfASpuriousInterrupt_breaks(String vector, Verdict verdict) {
        GatePath gatePath = Gates.ofVector(open().on(Irqchip.USERSPACE).state(), Integer.decode(vector));

        assertThat(gatePath.has(Verdict.BREAKS)).isEqualTo(verdict == Verdict.BREAKS);
    }

    @ParameterizedTest
    @CsvSource({"0, BREAKS", "14, BREAKS", "31, BREAKS", "32, OPEN", "255, OPEN"})
    void vectorAmongTheExceptions_breaks(int vector, Verdict verdict) {
        assertThat(at(Gates.ofVector(open().on(Irqchip.USERSPACE).state(), vector), "vector")).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"10, 2, slave", "3, 3, master"})
    void unprogrammedPic_breaksAtTheExceptionItWouldBe(int line, int vector, String chip) {
        GatePath gatePath = ofKernelLine(open().master(pic(0, 0, 0)).slave(pic(0, 0, 0)).state(), line);

        assertThat(only(gatePath, chip + " 8259, vector base").verdict()).isEqualTo(Verdict.BREAKS);
        assertThat(gatePath.vector()).isEqualTo(vector);
    }

    @Test
    void maskedLine_holds() {
        assertThat(only(ofKernelLine(open().slave(pic(SLAVE_BASE, 0x04, 0)).state(), 10), "slave 8259, IMR"))
                .isEqualTo(Gate.holds(GateKind.PIC_IMR, "slave 8259, IMR", "IMR 0x04",
                        "the guest has masked line 10", "have the guest clear bit 2 of the IMR (OCW1, port 0xa1)"));
    }

    @Test
    void otherLinesMasked_areNoObstacle() {
        GuestState state = open().slave(pic(SLAVE_BASE, 0xfb, 0)).master(pic(MASTER_BASE, 0xfb, 0)).state();

        assertThat(ofKernelLine(state, 10).firstThatIsNotOpen()).isEmpty();
    }

    @Test
    void maskedCascade_holdsLinesOfTheSlaveAlone() {
        GuestState state = open().master(pic(MASTER_BASE, 0x04, 0)).state();

        assertThat(only(ofKernelLine(state, 10), "master 8259, cascade, IMR").verdict())
                .isEqualTo(Verdict.HOLDS);
        assertThat(ofKernelLine(state, 3).firstThatIsNotOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2, HOLDS", "3, HOLDS", "4, OPEN", "7, OPEN", "0, HOLDS"})
    void levelInService_holdsItselfAndLowerPriorities(int inService, Verdict verdict) {
        GuestState state = open().master(pic(MASTER_BASE, 0, 1 << inService)).state();

        assertThat(at(ofKernelLine(state, 3), "master 8259, ISR")).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"2, OPEN", "3, HOLDS", "4, OPEN", "7, OPEN", "0, OPEN"})
    void rotatedPriorities_areHonoured(int inService, Verdict verdict) {
        // from the highest: 3 4 5 6 7 0 1 2
        GuestState state = open().master(pic(MASTER_BASE, 0, 1 << inService, 3, false, false)).state();

        assertThat(at(ofKernelLine(state, 3), "master 8259, ISR")).isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 4, 7})
    void lineOfLowestPriority_isHeldByEveryOther(int inService) {
        // from the highest: 4 5 6 7 0 1 2 3
        GuestState state = open().master(pic(MASTER_BASE, 0, 1 << inService, 4, false, false)).state();

        assertThat(at(ofKernelLine(state, 3), "master 8259, ISR")).isEqualTo(Verdict.HOLDS);
    }

    @ParameterizedTest
    @CsvSource({"true, USERSPACE, OPEN", "false, USERSPACE, HOLDS", "true, KERNEL, HOLDS"})
    void specialMaskMode_letsLinesThroughBehindAMaskedLevelIfImplemented(boolean set, Irqchip where, Verdict verdict) {
        // KVM's own 8259 keeps the bit and does not act on it
        GuestState state = open().on(where).master(pic(MASTER_BASE, 0x02, 0x02, 0, set, false)).state();

        assertThat(at(Gates.ofUserspaceLine(state, 3, Trigger.EDGE), "master 8259, ISR")).isEqualTo(verdict);
    }

    @Test
    void cascadeInService_holdsEveryLineOfTheSlave() {
        GuestState state = open().master(pic(MASTER_BASE, 0, 0x04)).state();

        assertThat(only(ofKernelLine(state, 8), "master 8259, cascade, ISR").verdict())
                .isEqualTo(Verdict.HOLDS);
    }

    @Test
    void cascadeInServiceFullyNested_letsAnotherLineOfTheSlaveThrough() {
        GuestState state = open().master(pic(MASTER_BASE, 0, 0x04, 0, false, true)).state();

        assertThat(ofKernelLine(state, 8).firstThatIsNotOpen()).isEmpty();
    }

    @Test
    void fullyNestedModeOfTheSlave_changesNothing() {
        GuestState state = open().slave(pic(SLAVE_BASE, 0, 0x04, 0, false, true)).state();

        assertThat(only(ofKernelLine(state, 10), "slave 8259, ISR").verdict()).isEqualTo(Verdict.HOLDS);
    }

    @Test
    void closedGuest_holdsAKernelLineButForbidsAnInterruptForNow() {
        assertThat(only(ofKernelLine(open().closed().state(), 10), "vCPU, RFLAGS.IF").verdict())
                .isEqualTo(Verdict.HOLDS);
        GuestStateSample legacy = open().on(Irqchip.USERSPACE).closed();
        assertThat(only(Gates.ofUserspaceLine(legacy.state(), 10, Trigger.EDGE), "vCPU, RFLAGS.IF").verdict())
                .isEqualTo(Verdict.NOT_NOW);
        assertThat(only(Gates.ofVector(legacy.state(), 0x41), "vCPU, RFLAGS.IF").verdict())
                .isEqualTo(Verdict.NOT_NOW);
    }

    @ParameterizedTest
    @CsvSource({"true, false, after STI", "false, true, after MOV SS"})
    void shadow_holdsAKernelLineButForbidsAnInterruptForNow(boolean sti, boolean movSs, String evidence) {
        GuestStateSample sample = open().with(events(false, sti, movSs));

        Gate kernel = only(ofKernelLine(sample.state(), 10), "vCPU, interrupt shadow");
        assertThat(kernel.verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(kernel.evidence()).isEqualTo(evidence);
        Gate legacy = only(Gates.ofVector(sample.on(Irqchip.USERSPACE).state(), 0x41), "vCPU, interrupt shadow");
        assertThat(legacy.verdict()).isEqualTo(Verdict.NOT_NOW);
    }

    @Test
    void queuedInterrupt_holdsTheNext() {
        Gate gate = only(Gates.ofVector(open().on(Irqchip.USERSPACE).with(events(true, false, false)).state(), 0x41),
                "vCPU, event queue");

        assertThat(gate.verdict()).isEqualTo(Verdict.NOT_NOW);
        assertThat(gate.evidence()).isEqualTo("vector 0x55");
    }

    @Test
    void tableWithoutTheVector_breaks() {
        Gate gate = only(ofKernelLine(open().idt(new byte[32 * 16]).state(), 10), "IDT, vector 0x2a");

        assertThat(gate.verdict()).isEqualTo(Verdict.BREAKS);
        assertThat(gate.meaning()).startsWith("#GP");
    }
}
