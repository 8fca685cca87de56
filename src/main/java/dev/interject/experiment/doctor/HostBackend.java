package dev.interject.experiment.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The kernel module through which KVM runs guests.
 *
 * @param module its name, such as {@code kvm_intel}
 */
public record HostBackend(Kind kind, String module) {

    private static final String PREFIX = "kvm_";

    /** The hardware virtualization that a module uses. */
    public enum Kind {
        /** VMX. */
        INTEL,
        /** SVM. */
        AMD,
        /** Neither: for example a module that runs guests without hardware virtualization. */
        OTHER;

        /** The name used in text and JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The back-end of this host's KVM; empty if there is no KVM, or {@code /sys/module} does not show it. */
    public static Optional<HostBackend> ofThisHost() {
        return HostFacts.read(Path.of("/")).backend();
    }

    /**
     * The back-end among the kernel's modules, or empty if there is none. Built-in modules are listed on every CPU; of
     * several, the one for this CPU is chosen.
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
