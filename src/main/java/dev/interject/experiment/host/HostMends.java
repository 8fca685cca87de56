package dev.interject.experiment.host;

import java.util.ArrayList;
import java.util.List;

import dev.interject.kvm.Kvm;
import dev.interject.linux.error.SystemCallException;

/** What helps against a system call that failed: depends on the errno, and on what the host is. */
final class HostMends {

    static final String OPEN = "open " + Kvm.DEVICE;

    /** What any file but KVM's device answers with ENOTTY. */
    private static final String FIRST_REQUEST = "KVM_GET_API_VERSION";

    /** The request at which the kernel turns the CPU's virtualization on. */
    private static final String FIRST_VIRTUALIZATION = "KVM_CREATE_VM";

    /** KVM_MINOR of the kernel's miscdevice.h. */
    private static final int USUAL_MINOR = 232;

    private static final String IN_CONTAINER = "in a container";
    private static final String ON_HOST = "on the host";
    private static final String ON_RUNNER = "on a CI runner";

    /** What EAGAIN of a signal means, and its usual text does not say. */
    private static final String PENDING_SIGNALS = " (the quota of pending signals is used up)";

    /** Every line ends with its operator, so that it works both as it stands and in one line. */
    private static final String UDEV_RULE = """
            echo 'KERNEL=="kvm", GROUP="kvm", MODE="0666", OPTIONS+="static_node=kvm"' |
            sudo tee /etc/udev/rules.d/99-kvm.rules &&
            sudo udevadm control --reload-rules &&
            sudo udevadm trigger --name-match=kvm""";

    private HostMends() {}

    /** The likeliest first; empty where there is nothing to advise. */
    static List<HostMend> of(SystemCallException failure, HostFacts facts) {
        boolean open = failure.call().equals(OPEN);
        return switch (failure.errno().name()) {
            case "ENOENT" -> open ? noDevice(facts) : List.of();
            case "EACCES" -> open ? noPermission(facts) : List.of();
            case "EPERM" -> open ? deviceRules() : List.of();
            case "ENODEV", "ENXIO" -> open ? noModule(facts) : List.of();
            case "EISDIR" -> open ? notTheDevice(facts) : List.of();
            case "ENOTTY" -> failure.call().equals(FIRST_REQUEST) ? notTheDevice(facts) : List.of();
            case "EBUSY" -> failure.call().equals(FIRST_VIRTUALIZATION) ? List.of(otherHypervisor(facts)) : List.of();
            case "ENOMEM" -> List.of(HostMend.of("free some memory (free -m shows what is left)"),
                    new HostMend(IN_CONTAINER, "raise its limit, such as docker run --memory 512m"));
            case "EAGAIN" -> failure.call().equals("tgkill")
                    ? List.of(raise(facts, "-i 1024" + PENDING_SIGNALS, "sigpending=1024" + PENDING_SIGNALS))
                    : List.of();
            case "EMFILE" -> List.of(raise(facts, "-n 4096", "nofile=4096"));
            case "ENFILE" -> List.of(HostMend.of("sudo sysctl fs.file-max=1000000"));
            default -> List.of();
        };
    }

    /** No CPU virtualization, and no KVM that does without. */
    static List<HostMend> noVirtualization(HostFacts facts) {
        return List.of(HostMend.of(facts.isGuest()
                ? "this is a virtual machine: have its host allow nested virtualization"
                : "enable %s in the firmware setup, if this CPU has it".formatted(featureName(facts))));
    }

    private static List<HostMend> noDevice(HostFacts facts) {
        if (facts.cannotVirtualize()) {
            return noVirtualization(facts);
        }
        HostMend give = new HostMend(IN_CONTAINER, "docker run --device /dev/kvm");
        if (facts.kvmMinor().isPresent()) {
            HostMend make = new HostMend(facts.inContainer() ? ON_HOST : "",
                    "sudo mknod -m 666 /dev/kvm c 10 " + facts.kvmMinor().getAsInt());
            return facts.inContainer() ? List.of(give, make) : List.of(make, give);
        }
        List<HostMend> mends = new ArrayList<>(noModule(facts));
        if (facts.inContainer()) {
            mends.add(new HostMend("then, for the container", "docker run --device /dev/kvm"));
        }
        return mends;
    }

    private static List<HostMend> noModule(HostFacts facts) {
        return List.of(new HostMend(facts.inContainer() ? ON_HOST : "", "sudo modprobe " + moduleName(facts)),
                new HostMend("if that is not supported",
                        "enable %s in the firmware setup".formatted(featureName(facts))));
    }

    private static List<HostMend> noPermission(HostFacts facts) {
        HostDevice device = facts.device().orElse(null);
        if (device == null || device.groupMayOpen() && facts.user().groups().contains(device.gid())) {
            return List.of(HostMend.of("findmnt -T /dev/kvm (nodev?); sudo dmesg | grep -i denied (LSM?)"));
        }
        if (device.groupMayOpen() && device.groupIsUnmapped()) {
            return List.of(new HostMend("in a rootless container",
                    "podman run --device /dev/kvm --group-add keep-groups"));
        }
        HostMend runner = new HostMend(ON_RUNNER, UDEV_RULE);
        if (!device.groupMayOpen() || !device.groupMayBeJoined()) {
            return List.of(new HostMend(facts.inContainer() ? ON_HOST : "", "sudo chmod 666 /dev/kvm"),
                    new HostMend("for good, and " + ON_RUNNER, UDEV_RULE));
        }
        HostMend add = new HostMend(IN_CONTAINER, "docker run --device /dev/kvm --group-add " + device.gid());
        if (facts.inContainer()) {
            // the container's names for users and groups mean nothing on the host
            return List.of(add, new HostMend(ON_HOST, "sudo usermod -aG $(stat -c %G /dev/kvm) $USER"), runner);
        }
        HostMend join = HostMend.of("sudo usermod -aG %s %s && newgrp %s".formatted(device.group(),
                facts.user().hasName() ? facts.user().name() : "$USER", device.group()));
        return List.of(join, add, runner);
    }

    private static List<HostMend> deviceRules() {
        return List.of(new HostMend(IN_CONTAINER, "docker run --device /dev/kvm:rw"),
                new HostMend("in a systemd unit", "DeviceAllow=/dev/kvm rw"));
    }

    private static List<HostMend> notTheDevice(HostFacts facts) {
        String makeAnew =
                "sudo rm -r /dev/kvm && sudo mknod -m 666 /dev/kvm c 10 " + facts.kvmMinor().orElse(USUAL_MINOR);
        return facts.inContainer()
                ? List.of(new HostMend(IN_CONTAINER, "docker run --device /dev/kvm, not -v /dev/kvm"))
                : List.of(HostMend.of(makeAnew));
    }

    /** A container has its limits from its engine, and often no shell in it that could raise them. */
    private static HostMend raise(HostFacts facts, String inShell, String ofContainer) {
        return facts.inContainer()
                ? new HostMend(IN_CONTAINER, "docker run --ulimit " + ofContainer)
                : HostMend.of("ulimit " + inShell);
    }

    private static HostMend otherHypervisor(HostFacts facts) {
        if (facts.modules().contains("vboxdrv")) {
            return HostMend.of("end VirtualBox's VMs; sudo modprobe -r vboxnetadp vboxnetflt vboxdrv");
        }
        if (facts.modules().contains("vmmon")) {
            return HostMend.of("end VMware's VMs; sudo /etc/init.d/vmware stop");
        }
        return HostMend.of("another hypervisor holds the CPU's virtualization: stop it");
    }

    private static String moduleName(HostFacts facts) {
        return facts.usesVmx() ? "kvm_intel" : "kvm_amd";
    }

    private static String featureName(HostFacts facts) {
        return facts.usesVmx() ? "Intel VT-x" : "AMD-V (SVM)";
    }
}
