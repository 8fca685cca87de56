package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

import dev.interject.bindings.kvm_msr_entry;
import dev.interject.bindings.kvm_msrs;
import dev.interject.linux.Fd;

/**
 * A vCPU's time-stamp counter, and its LAPIC timer's deadline (Intel SDM vol. 3, "Time-Stamp Counter", "APIC Timer").
 * The threads that may call it are those of
 * {@link Vcpu}.
 */
public final class TimeStampCounter {

    /** Intel SDM vol. 4, "Architectural MSRs". */
    private static final int IA32_TSC = 0x10;
    private static final int IA32_TSC_DEADLINE = 0x6e0;

    private final Fd vcpu;
    private final MemorySegment question;
    private final MemorySegment entry;

    TimeStampCounter(Fd vcpu) {
        this.vcpu = vcpu;
        this.question = Arena.ofAuto()
                .allocate(kvm_msrs.entries$offset() + kvm_msr_entry.sizeof(), kvm_msrs.layout().byteAlignment());
        this.entry = question.asSlice(kvm_msrs.entries$offset());
        kvm_msrs.nmsrs(question, 1);
    }

    /**
     * {@code KVM_GET_MSRS} of IA32_TSC: what RDTSC would read in the guest now, unsigned.
     *
     * @throws UnsupportedKvmException if this KVM does not report it
     */
    public long read() {
        return read(IA32_TSC);
    }

    /**
     * {@code KVM_GET_MSRS} of IA32_TSC_DEADLINE, unsigned; 0 if the timer is not armed, or not in that mode.
     *
     * @throws UnsupportedKvmException if this KVM does not report it
     */
    public long deadline() {
        return read(IA32_TSC_DEADLINE);
    }

    /**
     * {@code KVM_SET_MSRS} of IA32_TSC_DEADLINE; KVM ignores it if the timer is not in that mode.
     *
     * @throws UnsupportedKvmException if this KVM does not let it be set
     */
    public void setDeadline(long deadline) {
        kvm_msr_entry.index(entry, IA32_TSC_DEADLINE);
        kvm_msr_entry.data(entry, deadline);
        if (vcpu.ioctl(KvmRequest.KVM_SET_MSRS, question) != 1) { // the number of registers set
            throw new UnsupportedKvmException(
                    "KVM_SET_MSRS: this KVM does not let IA32_TSC_DEADLINE of a guest be set");
        }
    }

    /**
     * {@code KVM_SET_TSC_KHZ}: sets its frequency in kHz; EINVAL if this host does not support another one.
     *
     * @throws dev.interject.linux.error.SystemCallException {@code KVM_SET_TSC_KHZ: …}
     */
    public void setKilohertz(int kilohertz) {
        vcpu.ioctl(KvmRequest.KVM_SET_TSC_KHZ, kilohertz);
    }

    private long read(int register) {
        kvm_msr_entry.index(entry, register);
        if (vcpu.ioctl(KvmRequest.KVM_GET_MSRS, question) != 1) { // the number of registers read
            throw new UnsupportedKvmException(
                    "KVM_GET_MSRS: this KVM does not report the register 0x%x of a guest".formatted(register));
        }
        return kvm_msr_entry.data(entry);
    }

    /**
     * {@code KVM_GET_TSC_KHZ}: its frequency in kHz; empty if the host's counter has no fixed one (EIO).
     */
    public OptionalInt kilohertz() {
        int kilohertz = vcpu.tryIoctl(KvmRequest.KVM_GET_TSC_KHZ, MemorySegment.NULL);
        return kilohertz > 0 ? OptionalInt.of(kilohertz) : OptionalInt.empty();
    }
}
