package dev.interject.machine;

import java.util.List;

import dev.interject.guest.boot.StartState;
import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.Capability;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.CpuidEntry;

/**
 * Brings the vCPUs of a new machine to where they start.
 *
 * @param vcpus in the order of their numbers
 */
record GuestLoader(Kvm kvm, Irqchip irqchip, List<Vcpu> vcpus) {

    /** The CPUID leaves that this host can offer. */
    List<CpuidEntry> supportedCpuid() {
        boolean tscDeadline = irqchip.hasLapicInKernel() && kvm.check(Capability.KVM_CAP_TSC_DEADLINE_TIMER) != 0;
        return tscDeadline ? CpuidTable.withTscDeadline(kvm.supportedCpuid()) : kvm.supportedCpuid();
    }

    /** Brings vCPU 0 to its first instruction; the others wait until the guest starts them. */
    void load(StartState start, List<CpuidEntry> leaves) {
        for (int number = 0; number < vcpus.size(); number++) {
            vcpus.get(number).setCpuid(CpuidTable.of(leaves, number));
        }
        Vcpu first = vcpus.get(Machine.BOOT_VCPU);
        first.setSpecialRegisters(start.specialRegisters(first.specialRegisters()));
        first.setRegisters(start.registers());
    }
}
