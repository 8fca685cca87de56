package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.Optional;

import dev.interject.RequiresKvm;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.PicChip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The LAPIC in the kernel, the other controllers in user space ({@code KVM_CAP_SPLIT_IRQCHIP}). */
@RequiresKvm
class SplitIrqchipTest {

    private static final int PINS = 24;
    private static final int VECTOR = 0x61;
    private static final int LEVEL_ASSERTED = 0xc000;

    private static final String NEVER_RUN = """
            f4                   hlt
            """;

    /** Has IF=0 at its first OUT; sets IF and spins for some milliseconds before its second. */
    private static final String OPENS_LATER = """
            fa                   cli
            e6 10                out    %al,$0x10
            fb                   sti
            b9 ff ff             mov    $0xffff,%cx
            e2 fe                loop   .
            fa                   cli
            e6 11                out    %al,$0x11
            """;

    /** Switches its LAPIC to x2APIC mode, enables it, reports that, and then spins with IF=1. */
    private static final String WITH_ITS_LAPIC_ENABLED = """
            66 b9 1b 00 00 00    mov    $0x1b,%ecx
            0f 32                rdmsr
            80 cc 0c             or     $0xc,%ah
            0f 30                wrmsr
            66 b9 0f 08 00 00    mov    $0x80f,%ecx
            66 b8 ff 01 00 00    mov    $0x1ff,%eax
            66 31 d2             xor    %edx,%edx
            0f 30                wrmsr
            e6 10                out    %al,$0x10
            fb                   sti
            eb fe                jmp    .
            """;

    private static final String ENDS_ITS_INTERRUPT = """
            66 b9 0b 08 00 00    mov    $0x80b,%ecx
            66 31 c0             xor    %eax,%eax
            66 31 d2             xor    %edx,%edx
            0f 30                wrmsr
            cf                   iret
            """;

    private static final String COUNT_AT_500 = """
            66 ff 06 00 05       incl   0x500
            cf                   iret
            """;

    private static final String COUNT_AT_504 = """
            66 ff 06 04 05       incl   0x504
            cf                   iret
            """;

    private TinyGuest guest;

    @AfterEach
    void close() {
        guest.close();
    }

    private VirtualMachine boot(String program) {
        guest = TinyGuest.withSplitIrqchip(program);
        return guest.vm();
    }

    @Test
    void lapic_isInTheKernelAlone() {
        VirtualMachine vm = boot(NEVER_RUN);

        assertThat(vm.hasPicInKernel()).isFalse();
        assertThat(guest.vcpu().hasLapicInKernel()).isTrue();
    }

    @Test
    void absentControllers_areEnxio() {
        VirtualMachine vm = boot(NEVER_RUN);

        assertThatThrownBy(() -> vm.picState(PicChip.MASTER))
                .hasMessage("KVM_GET_IRQCHIP: ENXIO (No such device or address)");
        assertThatThrownBy(vm::ioapicState).hasMessage("KVM_GET_IRQCHIP: ENXIO (No such device or address)");
    }

    /** Older kernels, such as 6.1, do not check. */
    @Test
    void pit_isEnoentWhereTheKernelChecks() {
        VirtualMachine vm = boot(NEVER_RUN);

        assertThat(Optional.ofNullable(catchThrowable(vm::createPit)).map(Throwable::getMessage))
                .isIn(Optional.of("KVM_CREATE_PIT2: ENOENT (No such file or directory)"), Optional.empty());
    }

    @Test
    void secondIrqchipOfEitherKind_isEexist() {
        guest = TinyGuest.withoutIrqchip(NEVER_RUN);
        try (VirtualMachine vm = guest.kvm().createVirtualMachine()) {
            vm.enableSplitIrqchip(PINS);

            assertThatThrownBy(() -> vm.enableSplitIrqchip(PINS)).hasMessage("KVM_ENABLE_CAP: EEXIST (File exists)");
            assertThatThrownBy(vm::createIrqchip).hasMessage("KVM_CREATE_IRQCHIP: EEXIST (File exists)");
        }
    }

    @Test
    void irqchipAfterAVcpu_isEexist() {
        guest = TinyGuest.withoutIrqchip(NEVER_RUN);

        assertThatThrownBy(() -> guest.vm().enableSplitIrqchip(PINS))
                .hasMessage("KVM_ENABLE_CAP: EEXIST (File exists)");
        assertThat(guest.vcpu().hasLapicInKernel()).isFalse();
    }

    @Test
    void morePinsThanGsis_isEinval() {
        guest = TinyGuest.withoutIrqchip(NEVER_RUN);
        try (VirtualMachine vm = guest.kvm().createVirtualMachine()) {
            assertThatThrownBy(() -> vm.enableSplitIrqchip(4097))
                    .hasMessage("KVM_ENABLE_CAP: EINVAL (Invalid argument)");
        }
    }

    @Test
    void routeToAPinInTheKernel_isEinval() {
        VirtualMachine vm = boot(NEVER_RUN);

        assertThatThrownBy(() -> vm.setRoutes(List.of(new GsiRoute.ToPin(10, PicChip.SLAVE.number(), 2))))
                .hasMessage("KVM_SET_GSI_ROUTING: EINVAL (Invalid argument)");
        assertThatThrownBy(() -> vm.setRoutes(GsiRoute.standard()))
                .hasMessage("KVM_SET_GSI_ROUTING: EINVAL (Invalid argument)");
    }

    @Test
    void newLines_haveNoRoute() {
        VirtualMachine vm = boot(NEVER_RUN);

        assertThat(vm.irqLine(10).raise()).isNegative();
    }

    @Test
    void lineRoutedToAMessage_reachesTheLapic() {
        VirtualMachine vm = boot(WITH_ITS_LAPIC_ENABLED);
        guest.vcpu().setCpuid(guest.kvm().supportedCpuid());
        guest.runToPort();
        vm.setRoutes(List.of(new GsiRoute.ToMessage(10, MsiMessage.fixed(0, VECTOR))));

        assertThat(guest.vcpu().lapicRegisters().isSoftwareEnabled()).isTrue();
        assertThat(vm.irqLine(10).raise()).isPositive();

        assertThat(guest.vcpu().lapicRegisters().isRequested(VECTOR)).isTrue();
        assertThat(guest.vcpu().lapicRegisters().isRequested(VECTOR + 1)).isFalse();
    }

    @Test
    void eoiOfALevelInUserSpace_isReported() {
        VirtualMachine vm = boot(WITH_ITS_LAPIC_ENABLED);
        guest.withHandler(VECTOR, 0x2000, ENDS_ITS_INTERRUPT);
        guest.vcpu().setCpuid(guest.kvm().supportedCpuid());
        guest.runToPort();
        vm.setRoutes(List.of(new GsiRoute.ToMessage(10, new MsiMessage(0xfee00000, LEVEL_ASSERTED | VECTOR))));
        assertThat(vm.irqLine(10).raise()).isPositive();

        Exit exit = guest.vcpu().run();

        assertThat(exit).isInstanceOf(Exit.InterruptEnded.class);
        assertThat(((Exit.InterruptEnded) exit).eoi().vector()).isEqualTo(VECTOR);
    }

    @Test
    void interruptForAClosedGuest_isQueuedAndASecondIsRefused() {
        boot(OPENS_LATER);
        guest.withHandler(0x41, 0x2000, COUNT_AT_500).withHandler(0x42, 0x2100, COUNT_AT_504);
        assertThat(guest.runToPort().port()).isEqualTo(0x10);
        assertThat(guest.vcpu().registers().interruptFlag()).isFalse();

        assertThat(guest.vcpu().tryInterrupt(0x41)).isTrue();
        assertThat(guest.vcpu().tryInterrupt(0x42)).isFalse();
        assertThatThrownBy(() -> guest.vcpu().interrupt(0x42)).hasMessage("KVM_INTERRUPT: EEXIST (File exists)");

        assertThat(guest.runToPort().port()).isEqualTo(0x11);
        assertThat(guest.memory().readInt(0x500)).isEqualTo(1);
        assertThat(guest.memory().readInt(0x504)).isZero();
        assertThat(guest.vcpu().tryInterrupt(0x42)).isTrue();
    }

    @Test
    void vectorThatDoesNotExist_isEinval() {
        boot(NEVER_RUN);

        assertThatThrownBy(() -> guest.vcpu().tryInterrupt(256)).hasMessage("KVM_INTERRUPT: EINVAL (Invalid argument)");
    }
}
