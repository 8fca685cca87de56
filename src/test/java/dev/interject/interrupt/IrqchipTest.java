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
        assertThat(Arrays.stream(Path.values()).map(Path::label)).containsExactly("line", "irqfd", "msi",
                "msi-route", "msi-irqfd", "vector", "nmi", "ipi", "pit", "lapic-timer");
        assertThat(Arrays.stream(Trigger.values()).map(Trigger::label)).containsExactly("edge", "level");
        assertThat(Irqchip.KERNEL).hasToString("kernel");
        assertThat(Path.VECTOR).hasToString("vector");
        assertThat(Trigger.LEVEL).hasToString("level");
    }

    @Test
    void paths_nameTheRequestTheyEndIn() {
        assertThat(Arrays.stream(Path.values()).map(Path::request)).containsExactly("KVM_IRQ_LINE", "KVM_IRQFD",
                "KVM_SIGNAL_MSI", "KVM_IRQ_LINE", "KVM_IRQFD", "KVM_INTERRUPT", "KVM_NMI",
                "the LAPIC's ICR", "KVM_CREATE_PIT2", "the LAPIC's timer");
        assertThat(Arrays.stream(Path.values()).filter(Path::isMessage)).containsExactly(Path.MSI, Path.MSI_ROUTE,
                Path.MSI_IRQFD);
        assertThat(Arrays.stream(Path.values()).filter(Path::isTimer)).containsExactly(Path.PIT, Path.LAPIC_TIMER);
        assertThat(Arrays.stream(Path.values()).filter(Path::pullsKernelLine)).containsExactly(Path.LINE, Path.IRQFD);
    }
}
