package dev.interject.interrupt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

import dev.interject.RequiresKvm;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.IoapicRegisters;
import org.junit.jupiter.api.Test;

class IrqchipTest {

    @Test
    @RequiresKvm
    void vmWithIrqchip_isDetectedAsKernel() {
        try (Kvm kvm = Kvm.open(); VirtualMachine vm = kvm.createVirtualMachine()) {
            vm.createIrqchip();
            try (Vcpu vcpu = vm.createVcpu(0)) {
                assertThat(Irqchip.detect(vm, vcpu)).isEqualTo(Irqchip.KERNEL);
            }
        }
    }

    @Test
    @RequiresKvm
    void vmWithALapicAlone_isDetectedAsSplit() {
        try (Kvm kvm = Kvm.open(); VirtualMachine vm = kvm.createVirtualMachine()) {
            vm.enableSplitIrqchip(IoapicRegisters.PINS);
            try (Vcpu vcpu = vm.createVcpu(0)) {
                assertThat(Irqchip.detect(vm, vcpu)).isEqualTo(Irqchip.SPLIT);
            }
        }
    }

    @Test
    @RequiresKvm
    void plainVm_isDetectedAsUserspace() {
        try (Kvm kvm = Kvm.open(); VirtualMachine vm = kvm.createVirtualMachine(); Vcpu vcpu = vm.createVcpu(0)) {
            assertThat(Irqchip.detect(vm, vcpu)).isEqualTo(Irqchip.USERSPACE);
        }
    }

    @Test
    void words_areThoseOfTheCommandLine() {
        assertThat(Arrays.stream(Irqchip.values()).map(Irqchip::label)).containsExactly("kernel", "split", "userspace");
        assertThat(Arrays.stream(Trigger.values()).map(Trigger::label)).containsExactly("edge", "level");
        assertThat(Irqchip.KERNEL).hasToString("kernel");
        assertThat(Trigger.LEVEL).hasToString("level");
    }
}
