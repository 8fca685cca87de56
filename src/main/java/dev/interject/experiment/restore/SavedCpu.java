package dev.interject.experiment.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.interject.kvm.Kvm;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.CpuidEntry;
import dev.interject.kvm.structure.RawStructures;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.Snapshot;

/** Whether a host can give a guest the CPU that it was saved with. {@code KVM_SET_CPUID2} does not check it. */
final class SavedCpu {

    /** Leaf 1, ECX: TSC deadline, which KVM_GET_SUPPORTED_CPUID leaves out, and OSXSAVE, which the guest sets. */
    private static final int NOT_OF_THE_HOST_1_ECX = 1 << 24 | 1 << 27;
    /** Leaf 7, ECX: OSPKE, which the guest sets. */
    private static final int NOT_OF_THE_HOST_7_ECX = 1 << 4;

    private SavedCpu() {}

    /** @throws InvalidSavedGuestException that names the features that this host lacks */
    static void require(Snapshot snapshot) {
        Optional<byte[]> content = snapshot.content(Piece.CPUID, 0);
        if (content.isEmpty()) {
            return;
        }
        List<CpuidEntry> saved = RawStructures.cpuid(content.get());
        List<String> lacking = new ArrayList<>();
        try (Kvm kvm = Kvm.open();
                VirtualMachine vm = kvm.createVirtualMachine();
                Vcpu vcpu = vm.createVcpu(0)) {
            vcpu.setCpuid(kvm.supportedCpuid());
            List<CpuidEntry> host = RawStructures.cpuid(vcpu.structures().cpuid()); // some hosts add features of theirs
            compare(1, 0, saved, host, lacking);
            compare(7, 0, saved, host, lacking);
            compare(0xd, 0, saved, host, lacking);
            compare(0xd, 1, saved, host, lacking);
            compare(0x80000001, 0, saved, host, lacking);
        }
        if (!lacking.isEmpty()) {
            throw new InvalidSavedGuestException("the saved guest", "its CPU has features that this host lacks: "
                    + String.join(", ", lacking), "restore it on a host that has them");
        }
    }

    private static void compare(int function, int index, List<CpuidEntry> saved, List<CpuidEntry> host,
            List<String> lacking) {
        CpuidEntry was = find(function, index, saved);
        CpuidEntry has = find(function, index, host);
        boolean registersAreFeatures = function != 0xd;
        if (function == 0xd || function == 7 && index == 1) {
            lacks(function, index, "EAX", was.eax() & ~has.eax(), lacking);
        }
        if (function == 7) {
            lacks(function, index, "EBX", was.ebx() & ~has.ebx(), lacking);
        }
        if (registersAreFeatures) {
            int ignored = function == 1 ? NOT_OF_THE_HOST_1_ECX : function == 7 ? NOT_OF_THE_HOST_7_ECX : 0;
            lacks(function, index, "ECX", was.ecx() & ~has.ecx() & ~ignored, lacking);
            lacks(function, index, "EDX", was.edx() & ~has.edx(), lacking);
        }
    }

    private static void lacks(int function, int index, String register, int bits, List<String> lacking) {
        if (bits != 0) {
            lacking.add("CPUID 0x%x.%d %s 0x%x".formatted(function, index, register, bits));
        }
    }

    private static CpuidEntry find(int function, int index, List<CpuidEntry> leaves) {
        return leaves.stream()
                .filter(leaf -> leaf.function() == function && leaf.index() == index)
                .findFirst()
                .orElse(CpuidEntry.leaf(function, 0, 0, 0, 0));
    }
}
