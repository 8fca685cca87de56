package dev.interject.machine.pc;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The features of a CPU that can be shown or hidden, with Linux's names (Intel SDM vol. 2, "CPUID"; AMD APM vol. 3).
 */
public enum CpuFeature {
    FPU(1, Register.EDX, 0), VME(1, Register.EDX, 1), DE(1, Register.EDX, 2), PSE(1, Register.EDX, 3),
    TSC(1, Register.EDX, 4), MSR(1, Register.EDX, 5), PAE(1, Register.EDX, 6), MCE(1, Register.EDX, 7),
    CX8(1, Register.EDX, 8), APIC(1, Register.EDX, 9), SEP(1, Register.EDX, 11), MTRR(1, Register.EDX, 12),
    PGE(1, Register.EDX, 13), MCA(1, Register.EDX, 14), CMOV(1, Register.EDX, 15), PAT(1, Register.EDX, 16),
    PSE36(1, Register.EDX, 17), CLFLUSH(1, Register.EDX, 19), MMX(1, Register.EDX, 23), FXSR(1, Register.EDX, 24),
    SSE(1, Register.EDX, 25), SSE2(1, Register.EDX, 26), HT(1, Register.EDX, 28),
    SSE3(1, Register.ECX, 0), PCLMULQDQ(1, Register.ECX, 1), VMX(1, Register.ECX, 5), SSSE3(1, Register.ECX, 9),
    FMA(1, Register.ECX, 12), CX16(1, Register.ECX, 13), PDCM(1, Register.ECX, 15), PCID(1, Register.ECX, 17),
    SSE4_1(1, Register.ECX, 19), SSE4_2(1, Register.ECX, 20), X2APIC(1, Register.ECX, 21),
    MOVBE(1, Register.ECX, 22), POPCNT(1, Register.ECX, 23), TSC_DEADLINE(1, Register.ECX, 24),
    AES(1, Register.ECX, 25), XSAVE(1, Register.ECX, 26), AVX(1, Register.ECX, 28), F16C(1, Register.ECX, 29),
    RDRAND(1, Register.ECX, 30), HYPERVISOR(1, Register.ECX, 31),
    FSGSBASE(7, Register.EBX, 0), TSC_ADJUST(7, Register.EBX, 1), BMI1(7, Register.EBX, 3), AVX2(7, Register.EBX, 5),
    SMEP(7, Register.EBX, 7), BMI2(7, Register.EBX, 8), ERMS(7, Register.EBX, 9), INVPCID(7, Register.EBX, 10),
    AVX512F(7, Register.EBX, 16), RDSEED(7, Register.EBX, 18), ADX(7, Register.EBX, 19), SMAP(7, Register.EBX, 20),
    CLFLUSHOPT(7, Register.EBX, 23), SHA(7, Register.EBX, 29),
    UMIP(7, Register.ECX, 2), PKU(7, Register.ECX, 3), LA57(7, Register.ECX, 16), RDPID(7, Register.ECX, 22),
    SYSCALL(0x80000001, Register.EDX, 11), NX(0x80000001, Register.EDX, 20), PDPE1GB(0x80000001, Register.EDX, 26),
    RDTSCP(0x80000001, Register.EDX, 27), LM(0x80000001, Register.EDX, 29),
    LAHF_LM(0x80000001, Register.ECX, 0), SVM(0x80000001, Register.ECX, 2), ABM(0x80000001, Register.ECX, 5),
    SKINIT(0x80000001, Register.ECX, 12);

    /** Where CPUID leaves a feature's bit. */
    enum Register {
        EBX, ECX, EDX
    }

    private final int leaf;
    private final Register register;
    private final int bit;

    CpuFeature(int leaf, Register register, int bit) {
        this.leaf = leaf;
        this.register = register;
        this.bit = bit;
    }

    int leaf() {
        return leaf;
    }

    Register register() {
        return register;
    }

    int mask() {
        return 1 << bit;
    }

    /** Its name in Linux, such as {@code tsc_deadline}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The feature with this name; empty if there is none. A hyphen counts as an underscore. */
    public static Optional<CpuFeature> named(String name) {
        String wanted = name.toLowerCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(values()).filter(feature -> feature.label().equals(wanted)).findFirst();
    }
}
