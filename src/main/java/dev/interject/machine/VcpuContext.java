package dev.interject.machine;

import java.util.Optional;

import dev.interject.guest.Mailbox;
import dev.interject.kvm.StatisticsFile;
import dev.interject.kvm.Vcpu;
import dev.interject.machine.vcpu.VcpuActor;
import dev.interject.machine.vcpu.VcpuTrace;

/**
 * A vCPU with all that belongs to it alone.
 *
 * @param trace      records what it does
 * @param mailbox    what its handlers count
 * @param statistics what KVM counts for it; empty if KVM does not say
 * @param physicalBits the width of its physical addresses
 */
record VcpuContext(int number, Vcpu vcpu, VcpuActor actor, VcpuTrace trace, Mailbox mailbox,
        Optional<StatisticsFile> statistics, int physicalBits) {}
