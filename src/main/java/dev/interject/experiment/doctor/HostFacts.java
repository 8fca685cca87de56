package dev.interject.experiment.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.interject.kvm.Kvm;

/**
 * Facts about the host that are read without opening {@code /dev/kvm}. A fact that cannot be read is empty.
 *
 * @param architecture    Java's {@code os.arch}
 * @param kernel          the release, such as {@code 6.12.3}
 * @param cpuVendor       CPUID's vendor, such as {@code GenuineIntel}
 * @param cpuFlags        the first CPU's flags in /proc/cpuinfo
 * @param kvmMinor        the minor number of KVM's device in /proc/misc; empty if the kernel has none
 * @param modules         the kernel's modules, loaded or built in, in /sys/module
 * @param device          {@code /dev/kvm}, if that file exists
 * @param containerMarker a file that container engines create in their containers; empty proves nothing
 */
record HostFacts(String architecture, String kernel, String cpuVendor, Set<String> cpuFlags, OptionalInt kvmMinor,
        List<String> modules, Optional<HostDevice> device, HostUser user, Optional<String> containerMarker) {

    private static final List<String> CONTAINER_MARKERS = List.of("/.dockerenv", "/run/.containerenv");
    private static final List<String> VIRTUALIZATION_FLAGS = List.of("vmx", "svm");
    private static final Set<String> VENDORS_WITH_SVM = Set.of("AuthenticAMD", "HygonGenuine");

    /** @param root {@code /}, or a test's directory with the same files */
    static HostFacts read(Path root) {
        List<String> cpus = lines(root.resolve("proc/cpuinfo"));
        return new HostFacts(System.getProperty("os.arch"),
                lines(root.resolve("proc/sys/kernel/osrelease")).stream().findFirst().orElse("unknown"),
                field(cpus, "vendor_id"), Set.of(words(field(cpus, "flags"))), kvmMinor(root.resolve("proc/misc")),
                names(root.resolve("sys/module")), HostDevice.read(under(root, Kvm.DEVICE)),
                user(lines(root.resolve("proc/self/status"))),
                CONTAINER_MARKERS.stream().filter(marker -> Files.exists(under(root, marker))).findFirst());
    }

    /** The CPU's virtualization flag; empty if the CPU lacks it, or firmware or a hypervisor hides it. */
    Optional<String> virtualizationFlag() {
        return VIRTUALIZATION_FLAGS.stream().filter(cpuFlags::contains).findFirst();
    }

    /** Whether nothing can run guests: no such flag, and no KVM that works without it. */
    boolean cannotVirtualize() {
        return virtualizationFlag().isEmpty() && kvmMinor.isEmpty() && device.isEmpty();
    }

    /** What {@code /dev/kvm} is instead of KVM's device, in one line; empty if it is that device, or is missing. */
    Optional<String> deviceMismatch() {
        return device.flatMap(found -> found.mismatch(kvmMinor));
    }

    /** The back-end of KVM; empty if {@code /sys/module} shows none. */
    Optional<HostBackend> backend() {
        return HostBackend.among(modules, usesVmx());
    }

    boolean inContainer() {
        return containerMarker.isPresent();
    }

    /** Whether this machine is itself a virtual machine. */
    boolean isGuest() {
        return cpuFlags.contains("hypervisor");
    }

    /** Whether this CPU uses VMX rather than SVM: by its flag, or by its vendor if neither flag is set. */
    boolean usesVmx() {
        return virtualizationFlag().map("vmx"::equals).orElse(!VENDORS_WITH_SVM.contains(cpuVendor));
    }

    private static HostUser user(List<String> status) {
        Set<Long> groups = new TreeSet<>();
        Stream.of(words(field(status, "Groups"))).map(Long::valueOf).forEach(groups::add);
        Stream.of(words(field(status, "Gid"))).skip(1).limit(1).map(Long::valueOf).forEach(groups::add);
        long uid = Stream.of(words(field(status, "Uid"))).skip(1).findFirst().map(Long::valueOf).orElse(-1L);
        return new HostUser(System.getProperty("user.name", "?"), uid, groups);
    }

    private static OptionalInt kvmMinor(Path misc) {
        return lines(misc).stream()
                .map(HostFacts::words)
                .filter(entry -> entry.length == 2 && entry[1].equals("kvm"))
                .mapToInt(entry -> Integer.parseInt(entry[0]))
                .findFirst();
    }

    /** The value of the first line {@code key : value}. */
    private static String field(List<String> lines, String key) {
        return lines.stream()
                .map(line -> line.split(":", 2))
                .filter(pair -> pair.length == 2 && pair[0].strip().equals(key))
                .map(pair -> pair[1].strip())
                .findFirst()
                .orElse("");
    }

    private static String[] words(String text) {
        return text.isBlank() ? new String[0] : text.strip().split("\\s+");
    }

    private static Path under(Path root, String absolute) {
        return root.resolve(absolute.substring(1));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static List<String> names(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
