package dev.interject.machine;

import java.util.Optional;

import dev.interject.guest.Mailbox;
import dev.interject.kvm.StatisticsFile;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.structure.RawStructures;
import dev.interject.machine.vcpu.VcpuActor;
import dev.interject.machine.vcpu.VcpuTrace;

/**
 * A vCPU with all that belongs to it alone.
 *
 * @param trace      records what it does
 * @param mailbox    what its handlers count
 * @param statistics what KVM counts for it; empty if KVM does not say
 * @param width      of its physical addresses
 */
record VcpuContext(int number, Vcpu vcpu, VcpuActor actor, VcpuTrace trace, Mailbox mailbox,
        Optional<StatisticsFile> statistics, PhysicalWidth width) {

    /** The width of a vCPU's physical addresses, by its CPUID. For the threads that may call the vCPU. */
    static final class PhysicalWidth {

        private final Vcpu vcpu;
        private int bits;

        PhysicalWidth(Vcpu vcpu) {
            this.vcpu = vcpu;
        }

        /** The number of bits, by the leaves that the vCPU has when this is first called. */
        int bits() {
            if (bits == 0) {
                bits = CpuidTable.physicalBits(RawStructures.cpuid(vcpu.structures().cpuid()));
            }
            return bits;
        }
    }
}
