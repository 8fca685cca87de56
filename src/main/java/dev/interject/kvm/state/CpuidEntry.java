package dev.interject.kvm.state;

/**
 * One CPUID leaf as a guest sees it ({@code struct kvm_cpuid_entry2}).
 *
 * @param function the leaf: EAX at the CPUID instruction
 * @param index    the subleaf: ECX at the CPUID instruction, where {@code flags} says that it matters
 * @param flags    {@code KVM_CPUID_FLAG_*}
 * @param eax      what the guest finds in EAX; {@code ebx}, {@code ecx} and {@code edx} alike
 */
public record CpuidEntry(int function, int index, int flags, int eax, int ebx, int ecx, int edx) {

    /** A leaf without subleaves. */
    public static CpuidEntry leaf(int function, int eax, int ebx, int ecx, int edx) {
        return new CpuidEntry(function, 0, 0, eax, ebx, ecx, edx);
    }
}
