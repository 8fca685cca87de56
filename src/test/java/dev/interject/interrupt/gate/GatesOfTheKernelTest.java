package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE;
import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE_ON;
import static dev.interject.interrupt.gate.GuestStateSample.APIC_BASE_X2APIC;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_DFR;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_LDR;
import static dev.interject.interrupt.gate.GuestStateSample.SLAVE_BASE;
import static dev.interject.interrupt.gate.PicSample.pic;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

import dev.interject.RequiresKvm;
import dev.interject.device.Ioapic;
import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.Redirection;
import dev.interject.experiment.explain.RulesOfTheHost;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.KernelLineInjector;
import dev.interject.interrupt.inject.LineLevels;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.DescriptorTables;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Pages;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.PicChip;
import dev.interject.trace.Recorder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The model beside the kernel's own IOAPIC and LAPIC: what it lets through reaches the IRR, and nothing else. */
@RequiresKvm
class GatesOfTheKernelTest {

    private static final int GSI = 20;
    private static final int VECTOR = 0x61;
    private static final long MASKED = 1 << 16;
    private static final Set<GateKind> OF_THE_CONTROLLERS = EnumSet.of(GateKind.GSI, GateKind.ROUTE, GateKind.WIRE,
            GateKind.IOAPIC_MASK, GateKind.IOAPIC_MODE, GateKind.IOAPIC_REMOTE_IRR, GateKind.APIC_ID,
            GateKind.DESTINATION, GateKind.LAPIC_ENABLE, GateKind.LAPIC_SVR);

    private Kvm kvm;
    private VirtualMachine vm;
    private Vcpu vcpu;
    private final LineLevels levels = new LineLevels();

    @BeforeEach
    void open() {
        kvm = Kvm.open();
        vm = kvm.createVirtualMachine();
        vm.createIrqchip();
        vcpu = vm.createVcpu(0);
        vcpu.setCpuid(kvm.supportedCpuid());
        vcpu.setLapicRegisters(enabled());
    }

    @AfterEach
    void close() {
        vcpu.close();
        vm.close();
        kvm.close();
    }

    private LapicRegisters enabled() {
        return vcpu.lapicRegisters().withSoftwareEnabled(true);
    }

    private void pin(long bits) {
        IoapicState masked = new IoapicState(0, Collections.nCopies(Ioapic.PINS, new Redirection(MASKED)));
        vm.setIoapicState(masked.withEntry(GSI, new Redirection(bits)));
    }

    private GuestState state() {
        IoapicState ioapic = new IoapicState(0, vm.ioapicState().entries());
        CpuState cpu = new CpuState(MpState.RUNNABLE, vcpu.registers(), vcpu.specialRegisters(), vcpu.events(), true,
                false, new DescriptorTables(new byte[0], new byte[0], new byte[0], new byte[0]), Pages.UNKNOWN);
        return new GuestState(Irqchip.KERNEL, 0, cpu, new ControllerState(pic(SLAVE_BASE, 0, 0),
                pic(SLAVE_BASE, 0, 0), Optional.of(ioapic), Optional.of(vcpu.lapicRegisters()), 0, Optional.empty(),
                OptionalInt.empty(), GsiRoute.standard(), levels.high()), List.of());
    }

    private boolean reachesTheLapic(Trigger trigger) {
        new KernelLineInjector(vm.irqLine(GSI), trigger, levels, Recorder.off()).inject();
        return vcpu.lapicRegisters().isRequested(VECTOR);
    }

    private boolean modelLetsThrough(Trigger trigger) {
        GatePath path = Gates.ofKernelLine(state(), Route.LINE, GSI, trigger);
        return path.vector() == VECTOR && path.gates()
                .stream()
                .filter(gate -> OF_THE_CONTROLLERS.contains(gate.kind()))
                .allMatch(Gate::isOpen);
    }

    @ParameterizedTest
    @CsvSource({"0x00061, EDGE, true", "0x00061, LEVEL, true", "0x08061, EDGE, true", "0x08061, LEVEL, true",
        "0x10061, EDGE, false", "0x18061, LEVEL, false", "0x0c061, EDGE, false", "0x0c061, LEVEL, false",
        "0x00161, EDGE, true", "0x00461, EDGE, false", "0x00361, EDGE, false", "0x00661, EDGE, false",
        "0x00761, EDGE, false", "0x0100000000000061, EDGE, false", "0x7f00000000000061, EDGE, false"})
    void entryOfTheIoapic_letsThroughWhatTheModelDoes(String entry, Trigger trigger, boolean reaches) {
        pin(Long.decode(entry));

        assertThat(modelLetsThrough(trigger)).isEqualTo(reaches);
        assertThat(reachesTheLapic(trigger)).isEqualTo(reaches);
    }

    @Test
    void edgeAtAPinThatIsHeldHigh_isDropped() {
        pin(VECTOR);
        LapicRegisters before = enabled();
        assertThat(reachesTheLapic(Trigger.LEVEL)).isTrue();
        vcpu.setLapicRegisters(before);

        assertThat(modelLetsThrough(Trigger.EDGE)).isFalse();
        assertThat(reachesTheLapic(Trigger.EDGE)).isFalse();
        assertThat(reachesTheLapic(Trigger.EDGE)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, EDGE, 4", "0, 4, EDGE, 0", "0, 0, LEVEL, 4", "0, 4, LEVEL, 0",
        "4, 0, EDGE, 0", "4, 4, EDGE, 0", "4, 0, LEVEL, 4", "4, 4, LEVEL, 4"})
    void inputOfThe8259_latchesWhatTheModelLetsThrough(int elcr, int high, Trigger trigger, int irr) {
        PicState slave = new PicState(high, 0, 0, 0, 0, SLAVE_BASE, false, false, false, 0, false, false, false, true,
                elcr, 0xde);
        vm.setPicState(PicChip.SLAVE, slave);
        GuestState state = GuestStateSample.open()
                .slave(pic(SLAVE_BASE, 0, 0).withElcr(elcr).withLinesHigh(high))
                .state();
        GatePath path = Gates.ofKernelLine(state, Route.LINE, 10, trigger);
        new KernelLineInjector(vm.irqLine(10), trigger, levels, Recorder.off()).inject();

        assertThat(path.firstThatIsNotOpen().isEmpty()).isEqualTo(irr != 0);
        assertThat(vm.picState(PicChip.SLAVE).irr()).isEqualTo(irr);
    }

    @Test
    void lapicThatIsDisabled_drops() {
        pin(VECTOR);
        vcpu.setLapicRegisters(enabled().withSoftwareEnabled(false));

        assertThat(modelLetsThrough(Trigger.EDGE)).isFalse();
        assertThat(reachesTheLapic(Trigger.EDGE)).isFalse();
        vcpu.setLapicRegisters(enabled());
        assertThat(vcpu.lapicRegisters().isRequested(VECTOR)).isFalse();
    }

    @Test
    void lapicThatIsOff_drops() {
        pin(VECTOR);
        vcpu.setSpecialRegisters(vcpu.specialRegisters().withApicBase(APIC_BASE & ~APIC_BASE_ON));

        assertThat(modelLetsThrough(Trigger.EDGE)).isFalse();
        assertThat(reachesTheLapic(Trigger.EDGE)).isFalse();
    }

    @Test
    void gsiWithoutARoute_isDropped() {
        pin(VECTOR);
        vm.setRoutes(GsiRoute.standard().stream().filter(route -> route.gsi() != GSI).toList());

        assertThat(reachesTheLapic(Trigger.EDGE)).isFalse();
        vm.setRoutes(GsiRoute.standard());
        assertThat(reachesTheLapic(Trigger.EDGE)).isTrue();
    }

    @Test
    void initByMessage_isAcceptedByTheKernel() {
        assertThat(vm.msi(new MsiMessage(0xfee00000, VECTOR | 5 << 8)).signal()).isPositive();
        assertThat(vm.msi(new MsiMessage(0xfee00000, VECTOR | 7 << 8)).signal()).isNotPositive();
    }

    private List<Integer> idsThatReachTheLapic(boolean isLogical, LapicRegisters lapic) {
        int mode = isLogical ? 1 << 2 : 0;
        return IntStream.rangeClosed(0, 0xff).filter(id -> {
            vcpu.setLapicRegisters(lapic);
            vm.msi(new MsiMessage(0xfee00000 | id << 12 | mode, VECTOR)).signal();
            return vcpu.lapicRegisters().isRequested(VECTOR);
        }).boxed().toList();
    }

    private List<Integer> idsThatTheModelNames(boolean isLogical) {
        GuestState state = state().with(RulesOfTheHost.found());
        return IntStream.rangeClosed(0, 0xff)
                .filter(id -> !TargetVcpus.of(state, Destination.of(id, isLogical), VECTOR, false).vcpus().isEmpty())
                .boxed()
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"0xffffffff, 0x01", "0xffffffff, 0x80", "0xffffffff, 0x24", "0xffffffff, 0x00", "0x0fffffff, 0x01",
        "0x0fffffff, 0x24", "0x0fffffff, 0x28", "0x0fffffff, 0xe1"})
    void logicalDestinations_areThoseOfTheKernel(String format, String logicalId) {
        LapicRegisters lapic = enabled().withRegister(LAPIC_DFR, (int) (long) Long.decode(format))
                .withRegister(LAPIC_LDR, Integer.decode(logicalId) << 24);
        vcpu.setLapicRegisters(lapic);

        assertThat(idsThatReachTheLapic(true, lapic)).isEqualTo(idsThatTheModelNames(true)).contains(0xff);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void destinationsWithX2apic_areThoseOfTheKernel(boolean isLogical) {
        vcpu.setSpecialRegisters(vcpu.specialRegisters().withApicBase(APIC_BASE | APIC_BASE_X2APIC));
        LapicRegisters lapic = enabled();
        vcpu.setLapicRegisters(lapic);

        assertThat(idsThatReachTheLapic(isLogical, lapic)).isEqualTo(idsThatTheModelNames(isLogical))
                .hasSizeBetween(2, 255);
    }

    @Test
    void physicalDestinations_areThoseOfTheKernel() {
        assertThat(idsThatReachTheLapic(false, enabled())).isEqualTo(idsThatTheModelNames(false))
                .containsExactly(0, 0xff);
    }
}
