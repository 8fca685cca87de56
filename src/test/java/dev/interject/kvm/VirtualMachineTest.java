package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interject.RequiresKvm;
import dev.interject.device.Ioapic;
import dev.interject.device.PicState;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.PicChip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@RequiresKvm
class VirtualMachineTest {

    private Kvm kvm;
    private VirtualMachine vm;

    @BeforeEach
    void create() {
        kvm = Kvm.open();
        vm = kvm.createVirtualMachine();
    }

    @AfterEach
    void close() {
        vm.close();
        kvm.close();
    }

    @Test
    void plain_hasNoPicInKernel() {
        assertThat(vm.hasPicInKernel()).isFalse();
    }

    @Test
    void withIrqchip_hasPicInKernel() {
        vm.createIrqchip();

        assertThat(vm.hasPicInKernel()).isTrue();
    }

    @Test
    void irqchipAfterAVcpu_isEinval() {
        try (Vcpu vcpu = vm.createVcpu(0)) {
            assertThat(vcpu.hasLapicInKernel()).isFalse();
            assertThatThrownBy(vm::createIrqchip).hasMessage("KVM_CREATE_IRQCHIP: EINVAL (Invalid argument)");
        }
    }

    @Test
    void secondIrqchip_isEexist() {
        vm.createIrqchip();

        assertThatThrownBy(vm::createIrqchip).hasMessage("KVM_CREATE_IRQCHIP: EEXIST (File exists)");
    }

    @Test
    void secondVcpuOfTheSameId_isEexist() {
        try (Vcpu vcpu = vm.createVcpu(0)) {
            assertThat(vcpu.registers()).isNotNull();
            assertThatThrownBy(() -> vm.createVcpu(0)).hasMessage("KVM_CREATE_VCPU: EEXIST (File exists)");
        }
    }

    @Test
    void vcpuOfAVmWithIrqchip_hasLapicInKernelAndIsRunnable() {
        vm.createIrqchip();
        try (Vcpu bootstrap = vm.createVcpu(0); Vcpu second = vm.createVcpu(1)) {
            assertThat(bootstrap.hasLapicInKernel()).isTrue();
            assertThat(bootstrap.mpState()).isEqualTo(MpState.RUNNABLE);
            assertThat(second.mpState()).isEqualTo(MpState.UNINITIALIZED);
        }
    }

    @Test
    void lineWithoutIrqchip_isEnxio() {
        IrqLine line = vm.irqLine(10);

        assertThatThrownBy(line::raise).hasMessage("KVM_IRQ_LINE_STATUS: ENXIO (No such device or address)");
        assertThatThrownBy(line::lower).hasMessage("KVM_IRQ_LINE_STATUS: ENXIO (No such device or address)");
    }

    @Test
    void lineThatNoControllerHas_isIgnored() {
        vm.createIrqchip();

        assertThat(vm.irqLine(Ioapic.PINS).raise()).isNegative();
    }

    @Test
    void newLine_isAcceptedThenCoalesced() {
        vm.createIrqchip();
        IrqLine line = vm.irqLine(10);

        assertThat(line.raise()).isPositive();
        line.lower();
        assertThat(line.raise()).isZero();
        assertThat(vm.picState(PicChip.SLAVE).irr()).isEqualTo(1 << 2);
    }

    @Test
    void maskedLine_isIgnored() {
        vm.createIrqchip();
        vm.setPicState(PicChip.SLAVE, vm.picState(PicChip.SLAVE).withImr(0xff));

        assertThat(vm.irqLine(10).raise()).isNegative();
    }

    @Test
    void loweredLine_fallsInThePic() {
        vm.createIrqchip();
        IrqLine line = vm.irqLine(3);
        line.raise();
        assertThat(vm.picState(PicChip.MASTER).lastIrr()).isEqualTo(1 << 3);

        line.lower();

        assertThat(vm.picState(PicChip.MASTER).lastIrr()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void freshPic_masksNothingAndHasNoBase(PicChip chip) {
        vm.createIrqchip();

        PicState pic = vm.picState(chip);

        assertThat(pic.imr()).isZero();
        assertThat(pic.irqBase()).isZero();
        assertThat(pic.irr()).isZero();
    }

    @Test
    void elcrMasks_areThoseOfAPc() {
        vm.createIrqchip();

        assertThat(vm.picState(PicChip.MASTER).elcrMask()).isEqualTo(0xf8);
        assertThat(vm.picState(PicChip.SLAVE).elcrMask()).isEqualTo(0xde);
    }

    @ParameterizedTest
    @EnumSource
    void picState_comesBackAsItWasSet(PicChip chip) {
        vm.createIrqchip();
        PicState set = new PicState(0x01, 0x02, 0xf7, 0x08, 3, 0xf8, true, true, true, 2, true, true, true, true, 0x40,
                0xc8);

        vm.setPicState(chip, set);

        assertThat(vm.picState(chip)).isEqualTo(set);
    }

    @Test
    void chips_areDistinct() {
        vm.createIrqchip();
        vm.setPicState(PicChip.SLAVE, PicStateSample.basedAt(vm.picState(PicChip.SLAVE), 0x70));

        assertThat(vm.picState(PicChip.MASTER).irqBase()).isZero();
        assertThat(vm.picState(PicChip.SLAVE).irqBase()).isEqualTo(0x70);
    }

    @Test
    void picStateWithoutIrqchip_isEnxio() {
        assertThatThrownBy(() -> vm.picState(PicChip.MASTER))
                .hasMessage("KVM_GET_IRQCHIP: ENXIO (No such device or address)");
    }

    @Test
    void memoryThatIsNotWholePages_isEinval() {
        try (GuestMemory odd = GuestMemory.ofBytes(4097)) {
            assertThatThrownBy(() -> vm.setMemory(0, odd))
                    .hasMessage("KVM_SET_USER_MEMORY_REGION: EINVAL (Invalid argument)");
        }
    }
}
