package dev.interject.machine.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.RequiresKvm;
import dev.interject.device.Ioapic;
import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import org.junit.jupiter.api.Test;

class MainboardTest {

    @Test
    @RequiresKvm
    void vmWithIrqchip_isDetectedAsKernel() {
        try (Kvm kvm = Kvm.open(); VirtualMachine vm = kvm.createVirtualMachine()) {
            vm.createIrqchip();
            try (Vcpu vcpu = vm.createVcpu(0)) {
                assertThat(Mainboard.detectIrqchip(vm, vcpu)).isEqualTo(Irqchip.KERNEL);
            }
        }
    }

    @Test
    @RequiresKvm
    void vmWithOnlyALapic_isDetectedAsSplit() {
        try (Kvm kvm = Kvm.open(); VirtualMachine vm = kvm.createVirtualMachine()) {
            vm.enableSplitIrqchip(Ioapic.PINS);
            try (Vcpu vcpu = vm.createVcpu(0)) {
                assertThat(Mainboard.detectIrqchip(vm, vcpu)).isEqualTo(Irqchip.SPLIT);
            }
        }
    }

    @Test
    @RequiresKvm
    void plainVm_isDetectedAsUserspace() {
        try (Kvm kvm = Kvm.open(); VirtualMachine vm = kvm.createVirtualMachine(); Vcpu vcpu = vm.createVcpu(0)) {
            assertThat(Mainboard.detectIrqchip(vm, vcpu)).isEqualTo(Irqchip.USERSPACE);
        }
    }
}
