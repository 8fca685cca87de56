package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.interject.device.PicState;
import dev.interject.device.PitAccess;
import dev.interject.device.PitChannel;
import dev.interject.device.PitState;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.GuestDebug;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.PicChip;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.linux.Fd;
import dev.interject.linux.error.SystemCallException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A call on another file's descriptor fails with the request's name; a call on a closed one is refused. */
class BadDescriptorTest {

    private static final Segment SEGMENT =
            new Segment(0, 0xffff, 0, 3, true, 0, false, true, false, false, false);
    private static final DescriptorTable TABLE = new DescriptorTable(0, 0);

    private static final PitChannel CHANNEL =
            new PitChannel(1, 0, false, true, 0, new PitAccess(0, 0, 0, 0, 0, 0, false, 0));
    private static final LapicRegisters NO_LAPIC = new LapicRegisters(new byte[1024]);

    private static Stream<Arguments> onKvm() {
        return Stream.of(
                arguments("KVM_GET_API_VERSION", call(Kvm::apiVersion)),
                arguments("KVM_CHECK_EXTENSION", call(kvm -> kvm.check(Capability.KVM_CAP_IRQCHIP))),
                arguments("KVM_GET_SUPPORTED_CPUID", call(Kvm::supportedCpuid)),
                arguments("KVM_GET_VCPU_MMAP_SIZE", call(Kvm::createVirtualMachine)));
    }

    private static Stream<Arguments> onVirtualMachine() {
        return Stream.of(
                arguments("KVM_SET_TSS_ADDR", callVm(vm -> vm.setTssAddress(0))),
                arguments("KVM_SET_IDENTITY_MAP_ADDR", callVm(vm -> vm.setIdentityMapAddress(0))),
                arguments("KVM_CREATE_IRQCHIP", callVm(VirtualMachine::createIrqchip)),
                arguments("KVM_CREATE_VCPU", callVm(vm -> vm.createVcpu(0))),
                arguments("KVM_GET_IRQCHIP", callVm(VirtualMachine::hasPicInKernel)),
                arguments("KVM_GET_IRQCHIP", callVm(vm -> vm.picState(PicChip.SLAVE))),
                arguments("KVM_SET_IRQCHIP", callVm(vm -> vm.setPicState(PicChip.SLAVE,
                        new PicState(0, 0, 0, 0, 0, 0, false, false, false, 0, false, false, false, false, 0, 0)))),
                arguments("KVM_SET_USER_MEMORY_REGION", callVm(BadDescriptorTest::setMemory)),
                arguments("KVM_ENABLE_CAP", callVm(vm -> vm.enableSplitIrqchip(24))),
                arguments("KVM_ENABLE_CAP", callVm(VirtualMachine::enableExceptionPayload)),
                arguments("KVM_CREATE_PIT2", callVm(VirtualMachine::createPit)),
                arguments("KVM_GET_PIT2", callVm(VirtualMachine::pitState)),
                arguments("KVM_SET_PIT2", callVm(vm -> vm.setPitState(new PitState(List.of(CHANNEL, CHANNEL, CHANNEL),
                        0)))),
                arguments("KVM_GET_IRQCHIP", callVm(VirtualMachine::ioapicState)),
                arguments("KVM_SET_GSI_ROUTING", callVm(vm -> vm.setRoutes(List.of()))),
                arguments("KVM_SIGNAL_MSI", callVm(vm -> vm.msi(MsiMessage.fixed(0, 0x61)).signal())),
                arguments("KVM_IRQFD", callVm(BadDescriptorTest::bindIrqfd)),
                arguments("KVM_IRQFD", callVm(BadDescriptorTest::unbindIrqfd)),
                arguments("KVM_IRQ_LINE_STATUS", callVm(vm -> vm.irqLine(9).raise())),
                arguments("KVM_IRQ_LINE_STATUS", callVm(vm -> vm.irqLine(9).lower())));
    }

    private static Stream<Arguments> onVcpu() {
        return Stream.of(
                arguments("KVM_RUN", callVcpu(Vcpu::run)),
                arguments("KVM_INTERRUPT", callVcpu(vcpu -> vcpu.interrupt(0x41))),
                arguments("KVM_INTERRUPT", callVcpu(vcpu -> vcpu.tryInterrupt(0x41))),
                arguments("KVM_NMI", callVcpu(Vcpu::nmi)),
                arguments("KVM_GET_REGS", callVcpu(Vcpu::registers)),
                arguments("KVM_SET_REGS", callVcpu(vcpu -> vcpu.setRegisters(Registers.startingAt(0)))),
                arguments("KVM_GET_SREGS", callVcpu(Vcpu::specialRegisters)),
                arguments("KVM_SET_SREGS", callVcpu(BadDescriptorTest::setSpecialRegisters)),
                arguments("KVM_SET_CPUID2", callVcpu(vcpu -> vcpu.setCpuid(List.of()))),
                arguments("KVM_SET_SIGNAL_MASK", callVcpu(vcpu -> vcpu.setSignalMask(0))),
                arguments("KVM_GET_VCPU_EVENTS", callVcpu(Vcpu::events)),
                arguments("KVM_GET_VCPU_EVENTS", callVcpu(Vcpu::canTakeNmi)),
                arguments("KVM_GET_MP_STATE", callVcpu(Vcpu::mpState)),
                arguments("KVM_SET_MP_STATE", callVcpu(vcpu -> vcpu.setMpState(MpState.RUNNABLE))),
                arguments("KVM_SET_GUEST_DEBUG", callVcpu(vcpu -> vcpu.setDebug(GuestDebug.OFF))),
                arguments("KVM_SET_LAPIC", callVcpu(vcpu -> vcpu.setLapicRegisters(NO_LAPIC))),
                arguments("KVM_GET_LAPIC", callVcpu(Vcpu::hasLapicInKernel)),
                arguments("KVM_GET_LAPIC", callVcpu(Vcpu::lapicRegisters)),
                arguments("KVM_GET_MSRS", callVcpu(vcpu -> vcpu.timeStampCounter().read())),
                arguments("KVM_SET_MSRS", callVcpu(vcpu -> vcpu.timeStampCounter().setDeadline(0))),
                arguments("KVM_TRANSLATE", callVcpu(vcpu -> vcpu.translate(0))));
    }

    private static Consumer<Kvm> call(Consumer<Kvm> call) {
        return call;
    }

    private static Consumer<VirtualMachine> callVm(Consumer<VirtualMachine> call) {
        return call;
    }

    private static Consumer<Vcpu> callVcpu(Consumer<Vcpu> call) {
        return call;
    }

    private static void setMemory(VirtualMachine vm) {
        try (GuestMemory memory = GuestMemory.ofBytes(4096)) {
            vm.setMemory(0, memory);
        }
    }

    private static void bindIrqfd(VirtualMachine vm) {
        try (EventFd event = EventFd.create()) {
            vm.bindIrqfd(event, 9);
        }
    }

    private static void unbindIrqfd(VirtualMachine vm) {
        try (EventFd event = EventFd.create()) {
            vm.unbindIrqfd(event, 9);
        }
    }

    private static void setSpecialRegisters(Vcpu vcpu) {
        vcpu.setSpecialRegisters(new SpecialRegisters(SEGMENT, SEGMENT, SEGMENT, SEGMENT, SEGMENT, SEGMENT, SEGMENT,
                SEGMENT, TABLE, TABLE, 0, 0, 0, 0, 0, 0, 0));
    }

    /** Accesses to a vCPU's {@code kvm_run}. */
    private static Stream<Arguments> onRunPage() {
        return Stream.of(
                arguments("setImmediateExit", callVcpu(vcpu -> vcpu.setImmediateExit(true))),
                arguments("immediateExit", callVcpu(Vcpu::immediateExit)),
                arguments("readyForInterruptInjection", callVcpu(Vcpu::readyForInterruptInjection)),
                arguments("interruptFlag", callVcpu(Vcpu::interruptFlag)),
                arguments("requestInterruptWindow", callVcpu(vcpu -> vcpu.requestInterruptWindow(true))));
    }

    /** A file that can be mapped but is not KVM's. */
    private static Fd strangeFile() {
        return Fd.openReadWrite("/dev/zero");
    }

    private static Fd closedFile() {
        Fd fd = strangeFile();
        fd.close();
        return fd;
    }

    private static Vcpu closedVcpu() {
        Vcpu vcpu = new Vcpu(strangeFile(), 4096);
        vcpu.close();
        return vcpu;
    }

    @ParameterizedTest
    @MethodSource("onKvm")
    void kvmOfAnotherFile_namesTheRequest(String request, Consumer<Kvm> call) {
        try (Kvm kvm = new Kvm(strangeFile())) {
            assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> call.accept(kvm))
                    .withMessage(request + ": ENOTTY (Inappropriate ioctl for device)");
        }
    }

    @ParameterizedTest
    @MethodSource("onVirtualMachine")
    void virtualMachineOfAnotherFile_namesTheRequest(String request, Consumer<VirtualMachine> call) {
        try (VirtualMachine vm = new VirtualMachine(strangeFile(), 4096)) {
            assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> call.accept(vm))
                    .withMessage(request + ": ENOTTY (Inappropriate ioctl for device)");
        }
    }

    @ParameterizedTest
    @MethodSource("onVcpu")
    void vcpuOfAnotherFile_namesTheRequest(String request, Consumer<Vcpu> call) {
        try (Vcpu vcpu = new Vcpu(strangeFile(), 4096)) {
            assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> call.accept(vcpu))
                    .withMessage(request + ": ENOTTY (Inappropriate ioctl for device)");
        }
    }

    @ParameterizedTest
    @MethodSource("onKvm")
    void closedKvm_refusesEveryCall(String request, Consumer<Kvm> call) {
        Kvm kvm = new Kvm(closedFile());

        assertThatIllegalStateException().as(request)
                .isThrownBy(() -> call.accept(kvm))
                .withMessage("/dev/zero is closed");
    }

    @ParameterizedTest
    @MethodSource("onVirtualMachine")
    void closedVirtualMachine_refusesEveryCall(String request, Consumer<VirtualMachine> call) {
        VirtualMachine vm = new VirtualMachine(closedFile(), 4096);

        assertThatIllegalStateException().as(request)
                .isThrownBy(() -> call.accept(vm))
                .withMessage("/dev/zero is closed");
    }

    @ParameterizedTest
    @MethodSource({"onVcpu", "onRunPage"})
    void closedVcpu_refusesEveryCall(String request, Consumer<Vcpu> call) {
        assertThatIllegalStateException().as(request).isThrownBy(() -> call.accept(closedVcpu()));
    }

    @Test
    void lineAndMsiOfAClosedVm_neverReachTheVmWithTheReusedDescriptor() {
        Fd closed = strangeFile();
        VirtualMachine vm = new VirtualMachine(closed, 4096);
        IrqLine line = vm.irqLine(9);
        Msi message = vm.msi(MsiMessage.fixed(0, 0x61));
        int number = closed.number();
        vm.close();
        try (Fd next = strangeFile()) {
            assertThat(next.number()).isEqualTo(number);

            assertThatIllegalStateException().isThrownBy(line::raise);
            assertThatIllegalStateException().isThrownBy(message::signal);
        }
    }

    @Test
    void closedMemory_isNotGivenToAVm() {
        GuestMemory memory = GuestMemory.ofBytes(4096);
        memory.close();
        try (VirtualMachine vm = new VirtualMachine(strangeFile(), 4096)) {
            assertThatIllegalStateException().isThrownBy(() -> vm.setMemory(0, memory));
        }
    }

    @Test
    void closedEventfd_isNotBound() {
        EventFd event = EventFd.create();
        event.close();
        try (VirtualMachine vm = new VirtualMachine(strangeFile(), 4096); EventFd open = EventFd.create()) {
            assertThatIllegalStateException().isThrownBy(() -> vm.bindIrqfd(event, 9));
            assertThatIllegalStateException().isThrownBy(() -> vm.bindIrqfd(open, 9, event));
            assertThatIllegalStateException().isThrownBy(() -> vm.unbindIrqfd(event, 9));
        }
    }

    @Test
    void vcpuThatCannotBeMapped_closesItsDescriptor() {
        Fd unmappable = Fd.openReadWrite("/dev/null");

        assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> new Vcpu(unmappable, 4096))
                .withMessage("mmap: ENODEV (No such device)");
        assertThatIllegalStateException().isThrownBy(unmappable::number);
    }
}
