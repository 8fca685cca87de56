package dev.interject.machine;

import java.util.Optional;

import dev.interject.guest.Mailbox;
import dev.interject.kvm.StatisticsFile;
import dev.interject.kvm.Vcpu;
import dev.interject.machine.vcpu.VcpuThread;
import dev.interject.machine.vcpu.VcpuTrace;

/**
 * A vCPU with all that is its own.
 *
 * @param trace      notes what it does
 * @param statistics what KVM counts of it; empty where KVM does not tell
 */
record VcpuContext(Vcpu vcpu, VcpuThread thread, VcpuTrace trace, Mailbox mailbox,
        Optional<StatisticsFile> statistics) {}
