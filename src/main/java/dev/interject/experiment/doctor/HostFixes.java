package dev.interject.experiment.doctor;

import java.util.ArrayList;
import java.util.List;

import dev.interject.kvm.Kvm;
import dev.interject.linux.error.SystemCallException;

/** The fixes for a failed system call, chosen by errno and by the host's facts. */
final class HostFixes {

    static final String OPEN = "open " + Kvm.DEVICE;

    /** The first ioctl on the device; another device or file rejects it. */
    static final String FIRST_REQUEST = "KVM_GET_API_VERSION";

    /** The request that makes the kernel enable the CPU's virtualization. */
    private static final String FIRST_VIRTUALIZATION = "KVM_CREATE_VM";

    private static final String IN_CONTAINER = "in a container";
    private static final String ON_HOST = "on the host";
    private static final String ON_RUNNER = "on a CI runner";

    /** The meaning of a signal's EAGAIN, which strerror does not say. */
    private static final String PENDING_SIGNALS = " (the quota of pending signals is used up)";

    /** Each line ends with its operator, so that the command works on several lines and on one. */
    private static final String UDEV_RULE = """
            echo 'KERNEL=="kvm", GROUP="kvm", MODE="0666", OPTIONS+="static_node=kvm"' |
            sudo tee /etc/udev/rules.d/99-kvm.rules &&
            sudo udevadm control --reload-rules &&
            sudo udevadm trigger --name-match=kvm""";

    private HostFixes() {}

    /** The likeliest first; empty if no fix is known. */
    static List<HostFix> of(SystemCallException failure, HostFacts facts) {
        boolean open = failure.call().equals(OPEN);
        if ((open || failure.call().equals(FIRST_REQUEST)) && facts.deviceMismatch().isPresent()) {
            return notTheDevice(facts);
        }
        return switch (failure.errno().name()) {
            case "ENOENT" -> open ? noDevice(facts) : List.of();
            case "EACCES" -> open ? noPermission(facts) : List.of();
            case "EPERM" -> open ? deviceRules() : List.of();
            case "ENODEV", "ENXIO" -> open ? noModule(facts) : List.of();
            case "EBUSY" -> failure.call().equals(FIRST_VIRTUALIZATION) ? List.of(otherHypervisor(facts)) : List.of();
            case "ENOMEM" -> List.of(HostFix.of("free some memory (free -m shows what is left)"),
                    new HostFix(IN_CONTAINER, "raise its limit, such as docker run --memory 512m"));
            case "EAGAIN" -> failure.call().equals("tgkill")
                    ? List.of(raise(facts, "-i 1024" + PENDING_SIGNALS, "sigpending=1024" + PENDING_SIGNALS))
                    : List.of();
            case "EMFILE" -> List.of(raise(facts, "-n 4096", "nofile=4096"));
            case "ENFILE" -> List.of(HostFix.of("sudo sysctl fs.file-max=1000000"));
            default -> List.of();
        };
    }

    /** For a host without CPU virtualization and without a KVM that works without it. */
    static List<HostFix> noVirtualization(HostFacts facts) {
        return List.of(HostFix.of(facts.isGuest()
                ? "this is a virtual machine: allow nested virtualization on its host"
                : "enable %s in the firmware setup, if this CPU has it".formatted(featureName(facts))));
    }

    private static List<HostFix> noDevice(HostFacts facts) {
        if (facts.cannotVirtualize()) {
            return noVirtualization(facts);
        }
        HostFix give = new HostFix(IN_CONTAINER, "docker run --device /dev/kvm");
        if (facts.kvmMinor().isPresent()) {
            HostFix make = new HostFix(facts.inContainer() ? ON_HOST : "",
                    "sudo mknod -m 666 /dev/kvm c 10 " + facts.kvmMinor().getAsInt());
            return facts.inContainer() ? List.of(give, make) : List.of(make, give);
        }
        List<HostFix> fixes = new ArrayList<>(noModule(facts));
        if (facts.inContainer()) {
            fixes.add(new HostFix("then, for the container", "docker run --device /dev/kvm"));
        }
        return fixes;
    }

    /** For a host whose KVM module is not loaded. */
    private static List<HostFix> noModule(HostFacts facts) {
        return List.of(new HostFix(facts.inContainer() ? ON_HOST : "", "sudo modprobe " + moduleName(facts)),
                new HostFix("if that is not supported",
                        "enable %s in the firmware setup".formatted(featureName(facts))));
    }

    private static List<HostFix> noPermission(HostFacts facts) {
        HostDevice device = facts.device().orElse(null);
        if (device == null || device.groupMayOpen() && facts.user().groups().contains(device.gid())) {
            return List.of(HostFix.of("findmnt -T /dev/kvm (nodev?); sudo dmesg | grep -i denied (LSM?)"));
        }
        if (device.groupMayOpen() && device.groupIsUnmapped()) {
            return List.of(new HostFix("in a rootless container",
                    "podman run --device /dev/kvm --group-add keep-groups"));
        }
        HostFix runner = new HostFix(ON_RUNNER, UDEV_RULE);
        if (!device.groupMayOpen() || !device.groupMayBeJoined()) {
            return List.of(new HostFix(facts.inContainer() ? ON_HOST : "", "sudo chmod 666 /dev/kvm"),
                    new HostFix("permanently, and " + ON_RUNNER, UDEV_RULE));
        }
        HostFix add = new HostFix(IN_CONTAINER, "docker run --device /dev/kvm --group-add " + device.gid());
        if (facts.inContainer()) {
            // the container's user and group names do not apply on the host
            return List.of(add, new HostFix(ON_HOST, "sudo usermod -aG $(stat -c %G /dev/kvm) $USER"), runner);
        }
        HostFix join = HostFix.of("sudo usermod -aG %s %s && newgrp %s".formatted(device.group(),
                facts.user().hasName() ? facts.user().name() : "$USER", device.group()));
        return List.of(join, add, runner);
    }

    private static List<HostFix> deviceRules() {
        return List.of(new HostFix(IN_CONTAINER, "docker run --device /dev/kvm:rw"),
                new HostFix("in a systemd unit", "DeviceAllow=/dev/kvm rw"));
    }

    /** For a {@code /dev/kvm} that is another file or device. */
    static List<HostFix> notTheDevice(HostFacts facts) {
        String recreate =
                "sudo rm -r /dev/kvm && sudo mknod -m 666 /dev/kvm c 10 " + HostDevice.kvmMinor(facts.kvmMinor());
        return facts.inContainer()
                ? List.of(new HostFix(IN_CONTAINER, "docker run --device /dev/kvm, not -v /dev/kvm"))
                : List.of(HostFix.of(recreate));
    }

    /** A container's limits come from its engine; its processes often cannot raise them. */
    private static HostFix raise(HostFacts facts, String inShell, String ofContainer) {
        return facts.inContainer()
                ? new HostFix(IN_CONTAINER, "docker run --ulimit " + ofContainer)
                : HostFix.of("ulimit " + inShell);
    }

    private static HostFix otherHypervisor(HostFacts facts) {
        if (facts.modules().contains("vboxdrv")) {
            return HostFix.of("stop VirtualBox's VMs; sudo modprobe -r vboxnetadp vboxnetflt vboxdrv");
        }
        if (facts.modules().contains("vmmon")) {
            return HostFix.of("stop VMware's VMs; sudo /etc/init.d/vmware stop");
        }
        return HostFix.of("another hypervisor uses the CPU's virtualization: stop it");
    }

    private static String moduleName(HostFacts facts) {
        return facts.usesVmx() ? "kvm_intel" : "kvm_amd";
    }

    private static String featureName(HostFacts facts) {
        return facts.usesVmx() ? "Intel VT-x" : "AMD-V (SVM)";
    }
}
