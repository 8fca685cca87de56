package dev.interject.experiment.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What KVM runs its guests with.
 *
 * @param module the kernel module, such as {@code kvm_intel}
 */
public record HostBackend(Kind kind, String module) {

    private static final String PREFIX = "kvm_";

    /** The hardware behind a module. */
    public enum Kind {
        /** VMX. */
        INTEL,
        /** SVM. */
        AMD,
        /** Neither of them, such as a guest that KVM runs without the CPU's virtualization. */
        OTHER;

        /** The word used in text and JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What this host's KVM runs its guests with; empty where there is no KVM, or none that tells. */
    public static Optional<HostBackend> ofThisHost() {
        return HostFacts.read(Path.of("/")).backend();
    }

    /**
     * The back-end among the kernel's modules, or empty where there is none. Of several (what is built into the kernel
     * shows on every CPU) it is the one that suits the CPU.
     */
    static Optional<HostBackend> among(List<String> modules, boolean cpuHasVmx) {
        Kind other = cpuHasVmx ? Kind.AMD : Kind.INTEL;
        List<HostBackend> found =
                modules.stream().filter(module -> module.startsWith(PREFIX)).map(HostBackend::of).toList();
        return found.stream()
                .filter(backend -> backend.kind() != other)
                .findFirst()
                .or(() -> found.stream().findFirst());
    }

    private static HostBackend of(String module) {
        return new HostBackend(switch (module) {
            case "kvm_intel" -> Kind.INTEL;
            case "kvm_amd" -> Kind.AMD;
            default -> Kind.OTHER;
        }, module);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case INTEL -> "Intel VMX (" + module + ")";
            case AMD -> "AMD SVM (" + module + ")";
            case OTHER -> module + ", neither Intel VMX nor AMD SVM";
        };
    }
}
