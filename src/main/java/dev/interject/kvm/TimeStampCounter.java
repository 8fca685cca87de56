package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

import dev.interject.bindings.kvm_msr_entry;
import dev.interject.bindings.kvm_msrs;
import dev.interject.linux.Fd;

/**
 * A vCPU's time-stamp counter (Intel SDM vol. 3, "Time-Stamp Counter"). As with all of a {@link Vcpu}, one thread at a
 * time makes calls here.
 */
public final class TimeStampCounter {

    /** Intel SDM vol. 4, "Architectural MSRs". */
    private static final int IA32_TSC = 0x10;

    private final Fd vcpu;
    private final MemorySegment question;
    private final MemorySegment entry;

    TimeStampCounter(Fd vcpu) {
        this.vcpu = vcpu;
        this.question = Arena.ofAuto()
                .allocate(kvm_msrs.entries$offset() + kvm_msr_entry.sizeof(), kvm_msrs.layout().byteAlignment());
        this.entry = question.asSlice(kvm_msrs.entries$offset());
        kvm_msrs.nmsrs(question, 1);
        kvm_msr_entry.index(entry, IA32_TSC);
    }

    /**
     * {@code KVM_GET_MSRS}: what RDTSC would read in the guest now, unsigned. Allocates nothing.
     *
     * @throws UnsupportedKvmException if this KVM does not tell
     */
    public long read() {
        if (vcpu.ioctl(KvmRequest.KVM_GET_MSRS, question) != 1) { // how many it has read
            throw new UnsupportedKvmException("KVM_GET_MSRS: this KVM does not tell a guest's time-stamp counter");
        }
        return kvm_msr_entry.data(entry);
    }

    /**
     * {@code KVM_GET_TSC_KHZ}: how fast it runs, in kHz; empty where the host cannot tell (EIO: it runs at different
     * speeds).
     */
    public OptionalInt kilohertz() {
        int kilohertz = vcpu.tryIoctl(KvmRequest.KVM_GET_TSC_KHZ, MemorySegment.NULL);
        return kilohertz > 0 ? OptionalInt.of(kilohertz) : OptionalInt.empty();
    }
}
