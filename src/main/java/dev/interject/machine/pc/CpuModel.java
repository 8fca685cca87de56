package dev.interject.machine.pc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.kvm.state.CpuidEntry;

/**
 * What CPUID shows a guest. KVM may add bits of the host to what is set here.
 *
 * @param plain   whether only the features of the first x86-64 CPUs are shown; otherwise all that the host offers
 * @param added   features that are shown nevertheless
 * @param removed features that are hidden
 * @param limited whether features that the host lacks stay hidden, also where they are added, as with QEMU
 * @param vendor  the vendor's name of 12 letters; empty for the host's
 */
public record CpuModel(boolean plain, Set<CpuFeature> added, Set<CpuFeature> removed, boolean limited,
        Optional<String> vendor) {

    /** All that the host offers. */
    public static final CpuModel HOST = new CpuModel(false, Set.of(), Set.of());

    /** CPUID leaves the vendor's name in EBX, EDX and ECX of these (Intel SDM vol. 2, "CPUID"; AMD APM vol. 3). */
    private static final Set<Integer> VENDOR_LEAVES = Set.of(0, 0x80000000);
    private static final int VENDOR_LENGTH = 3 * Integer.BYTES;

    private static final String PLAIN = "x86-64";
    private static final String ALL = "host";

    /** The x86-64 psABI's baseline, with what operating systems expect beside it. */
    private static final Set<CpuFeature> BASELINE = EnumSet.of(CpuFeature.FPU, CpuFeature.DE, CpuFeature.PSE,
            CpuFeature.TSC, CpuFeature.MSR, CpuFeature.PAE, CpuFeature.MCE, CpuFeature.CX8, CpuFeature.APIC,
            CpuFeature.SEP, CpuFeature.MTRR, CpuFeature.PGE, CpuFeature.MCA, CpuFeature.CMOV, CpuFeature.PAT,
            CpuFeature.PSE36, CpuFeature.CLFLUSH, CpuFeature.MMX, CpuFeature.FXSR, CpuFeature.SSE, CpuFeature.SSE2,
            CpuFeature.HT, CpuFeature.X2APIC, CpuFeature.TSC_DEADLINE, CpuFeature.HYPERVISOR, CpuFeature.SYSCALL,
            CpuFeature.NX, CpuFeature.LM, CpuFeature.LAHF_LM);

    /** Leaves that describe features which a plain CPU lacks: extended state, monitors, traces, power. */
    private static final Set<Integer> BEYOND_PLAIN = Set.of(5, 6, 0xa, 0xd, 0xf, 0x10, 0x12, 0x14, 0x19, 0x1d, 0x1e,
            0x21, 0x24);

    /** Copies the sets. */
    public CpuModel {
        added = Set.copyOf(added);
        removed = Set.copyOf(removed);
        if (vendor.isPresent() && vendor.get().getBytes(StandardCharsets.US_ASCII).length != VENDOR_LENGTH) {
            throw new IllegalArgumentException("a CPU's vendor has %d letters, unlike '%s'".formatted(VENDOR_LENGTH,
                    vendor.get()));
        }
    }

    /** With the host's vendor, and with every feature that is added. */
    public CpuModel(boolean plain, Set<CpuFeature> added, Set<CpuFeature> removed) {
        this(plain, added, removed, false, Optional.empty());
    }

    /**
     * Reads {@code host} or {@code x86-64}, then features with + or -, separated by commas; features alone change what
     * the host offers.
     *
     * @throws IllegalArgumentException if a name is unknown
     */
    public static CpuModel of(String text) {
        boolean plain = false;
        Set<CpuFeature> added = EnumSet.noneOf(CpuFeature.class);
        Set<CpuFeature> removed = EnumSet.noneOf(CpuFeature.class);
        String[] words = text.split(",", -1);
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            if (i == 0 && (word.equals(PLAIN) || word.equals(ALL))) {
                plain = word.equals(PLAIN);
            } else {
                CpuFeature feature = feature(word);
                (word.startsWith("+") ? added : removed).add(feature);
                (word.startsWith("+") ? removed : added).remove(feature);
            }
        }
        return new CpuModel(plain, added, removed);
    }

    private static CpuFeature feature(String word) {
        if (!word.startsWith("+") && !word.startsWith("-")) {
            throw new IllegalArgumentException(
                    "a CPU is host or x86-64, and features with + or -, not '%s'".formatted(word));
        }
        return CpuFeature.named(word.substring(1))
                .orElseThrow(() -> new IllegalArgumentException("no CPU feature is named '%s'; there are %s".formatted(
                        word.substring(1),
                        Stream.of(CpuFeature.values()).map(CpuFeature::label).collect(Collectors.joining(", ")))));
    }

    /** The same without a LAPIC, which a machine without a LAPIC in the kernel has not. */
    CpuModel withoutLapic() {
        Set<CpuFeature> hidden = EnumSet.of(CpuFeature.APIC, CpuFeature.X2APIC, CpuFeature.TSC_DEADLINE);
        hidden.addAll(removed);
        return new CpuModel(plain, added, hidden, limited, vendor);
    }

    /** The leaves that a guest gets of those that the host supports. */
    List<CpuidEntry> leaves(List<CpuidEntry> supported) {
        return supported.stream()
                .filter(entry -> !plain || !BEYOND_PLAIN.contains(entry.function()))
                .map(this::leaf)
                .map(this::withVendor)
                .toList();
    }

    private CpuidEntry withVendor(CpuidEntry entry) {
        if (vendor.isEmpty() || !VENDOR_LEAVES.contains(entry.function())) {
            return entry;
        }
        ByteBuffer name = ByteBuffer.wrap(vendor.get().getBytes(StandardCharsets.US_ASCII))
                .order(ByteOrder.LITTLE_ENDIAN);
        int ebx = name.getInt();
        int edx = name.getInt();
        int ecx = name.getInt();
        return new CpuidEntry(entry.function(), entry.index(), entry.flags(), entry.eax(), ebx, ecx, edx);
    }

    private CpuidEntry leaf(CpuidEntry entry) {
        boolean hasFeatures = entry.index() == 0
                && Stream.of(CpuFeature.values()).anyMatch(feature -> feature.leaf() == entry.function());
        return hasFeatures
                ? new CpuidEntry(entry.function(), entry.index(), entry.flags(), entry.eax(),
                        bits(entry, CpuFeature.Register.EBX, entry.ebx()),
                        bits(entry, CpuFeature.Register.ECX, entry.ecx()),
                        bits(entry, CpuFeature.Register.EDX, entry.edx()))
                : entry;
    }

    private int bits(CpuidEntry entry, CpuFeature.Register register, int supported) {
        List<CpuFeature> here = Stream.of(CpuFeature.values())
                .filter(feature -> feature.leaf() == entry.function() && feature.register() == register)
                .toList();
        if (here.isEmpty()) {
            return supported; // not feature bits: EBX of leaf 1 has the APIC ID
        }
        int bits = plain ? supported & mask(here.stream().filter(BASELINE::contains)) : supported;
        int shown = bits | mask(here.stream().filter(added::contains));
        int hidden = mask(here.stream().filter(removed::contains));
        return (limited ? shown & supported : shown) & ~hidden;
    }

    private static int mask(Stream<CpuFeature> features) {
        return features.mapToInt(CpuFeature::mask).reduce(0, (bits, bit) -> bits | bit);
    }

    @Override
    public String toString() {
        Stream<String> shown = added.stream().sorted().map(feature -> "+" + feature.label());
        Stream<String> hidden = removed.stream().sorted().map(feature -> "-" + feature.label());
        return Stream.of(Stream.of(plain ? PLAIN : ALL), shown, hidden, vendor.stream().map("vendor="::concat))
                .flatMap(Function.identity())
                .collect(Collectors.joining(","));
    }
}
