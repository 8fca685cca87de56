package dev.interject.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

import dev.interject.kvm.Kvm;
import dev.interject.linux.Errno;
import dev.interject.linux.SystemCallException;

/**
 * A system call that failed, and what the user can do about it.
 *
 * @param message names the call and the errno
 * @param mend    one line; empty where there is nothing to advise
 */
public record HostTrouble(String message, String mend) {

    private static final String OPEN = "open " + Kvm.DEVICE;

    /** What a failure means for the user. */
    public static HostTrouble of(SystemCallException failure) {
        int errno = failure.errno().number();
        return new HostTrouble(failure.getMessage(), failure.call().equals(OPEN) ? mendOpen(errno) : mendCall(errno));
    }

    private static String mendOpen(int errno) {
        if (errno == Errno.ENOENT) {
            return "enable virtualization in the firmware and load the module (modprobe kvm_intel or kvm_amd);"
                    + " in a container: --device /dev/kvm";
        }
        if (errno == Errno.EACCES) {
            return ("sudo usermod -aG %s $USER and log in again; in a container: --group-add %s;"
                    + " on a CI runner: a udev rule, see README").formatted(group("posix:group"), group("unix:gid"));
        }
        if (errno == Errno.EPERM) {
            return "the container's device rules forbid it: --device /dev/kvm:rw";
        }
        if (errno == Errno.ENODEV || errno == Errno.ENXIO) {
            return "the device is there, but no KVM module behind it: modprobe kvm_intel or kvm_amd";
        }
        return mendCall(errno);
    }

    private static String mendCall(int errno) {
        if (errno == Errno.EBUSY) {
            return "another hypervisor holds the CPU's virtualization (VirtualBox, VMware?): stop it";
        }
        if (errno == Errno.ENOMEM) {
            return "the host, or this container's limit, has too little memory";
        }
        return "interject doctor says what this host can";
    }

    /** The group that owns /dev/kvm; "kvm" where that cannot be told. */
    private static String group(String attribute) {
        try {
            Path device = Path.of(Kvm.DEVICE);
            return attribute.startsWith("posix:")
                    ? Files.readAttributes(device, PosixFileAttributes.class).group().getName()
                    : Files.getAttribute(device, attribute).toString();
        } catch (IOException unreadable) {
            return "kvm";
        }
    }
}
