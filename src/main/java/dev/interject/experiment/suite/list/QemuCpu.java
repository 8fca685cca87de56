package dev.interject.experiment.suite.list;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.machine.pc.CpuFeature;
import dev.interject.machine.pc.CpuModel;

/** What QEMU's option {@code -cpu} shows with KVM: features that the host lacks are left out. */
final class QemuCpu {

    private static final String VENDOR = "vendor=";

    /** QEMU's names of features that Linux names otherwise. */
    private static final Map<String, CpuFeature> ALIASES = Map.of("pni", CpuFeature.SSE3, "clfsh", CpuFeature.CLFLUSH,
            "lahf-lm", CpuFeature.LAHF_LM, "sse4.1", CpuFeature.SSE4_1, "sse4.2", CpuFeature.SSE4_2);

    /** What QEMU does by default, or what only live migration and nested guests see. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("host-phys-bits", "host-phys-bits=on", "migratable=no", "migratable=on", "enforce=off");

    private static final Set<CpuFeature> OF_QEMU64 = EnumSet.of(CpuFeature.SSE3, CpuFeature.CX16);

    private final String text;
    private final Set<CpuFeature> added = EnumSet.noneOf(CpuFeature.class);
    private final Set<CpuFeature> removed = EnumSet.noneOf(CpuFeature.class);
    private Optional<String> vendor = Optional.empty();

    private QemuCpu(String text) {
        this.text = text;
    }

    /** @throws UnsupportedTestException if the model, a feature or a property is unknown */
    static CpuModel model(String text) throws UnsupportedTestException {
        List<String> words = Stream.of(text.split(",")).filter(word -> !word.isEmpty()).toList();
        if (words.isEmpty()) {
            throw new UnsupportedTestException("QEMU's option -cpu has no model");
        }
        QemuCpu cpu = new QemuCpu(text);
        boolean plain = switch (words.getFirst()) {
            case "max", "host" -> false;
            case "qemu64", "kvm64" -> {
                cpu.added.addAll(OF_QEMU64);
                cpu.removed.add(CpuFeature.TSC_DEADLINE);
                yield true;
            }
            default -> throw new UnsupportedTestException("needs QEMU's CPU %s; there are host, max, qemu64, kvm64"
                    .formatted(words.getFirst()));
        };
        for (String word : words.subList(1, words.size())) {
            cpu.apply(word);
        }
        try {
            return new CpuModel(plain, cpu.added, cpu.removed, true, cpu.vendor);
        } catch (IllegalArgumentException vendor) {
            throw new UnsupportedTestException("needs QEMU's CPU %s: %s".formatted(text, vendor.getMessage()));
        }
    }

    private void apply(String word) throws UnsupportedTestException {
        if (word.startsWith(VENDOR)) {
            vendor = Optional.of(word.substring(VENDOR.length()));
        } else if (word.startsWith("+") || word.startsWith("-")) {
            CpuFeature feature = feature(word.substring(1));
            (word.startsWith("+") ? added : removed).add(feature);
            (word.startsWith("+") ? removed : added).remove(feature);
        } else if (!WITHOUT_EFFECT.contains(word)) {
            throw new UnsupportedTestException("needs QEMU's CPU %s: '%s' is unknown".formatted(text, word));
        }
    }

    private CpuFeature feature(String name) throws UnsupportedTestException {
        Optional<CpuFeature> feature = Optional.ofNullable(ALIASES.get(name)).or(() -> CpuFeature.named(name));
        if (feature.isEmpty()) {
            throw new UnsupportedTestException("needs QEMU's CPU %s: there is no feature '%s'".formatted(text, name));
        }
        return feature.get();
    }
}
