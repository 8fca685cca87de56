package dev.interject.experiment.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tree of files that looks like a host's {@code /proc}, {@code /sys} and {@code /dev}. */
final class HostTree {

    private final Path root;

    HostTree(Path root) {
        this.root = root;
        file("proc/sys/kernel/osrelease", "6.1.2\n").file("proc/self/status",
                "Name:\tjava\nUid:\t1000\t1001\t1000\t1000\nGid:\t100\t101\t100\t100\nGroups:\t4 24 \n");
    }

    HostTree cpu(String vendor, String flags) {
        return file("proc/cpuinfo", """
                processor\t: 0
                vendor_id\t: %s
                flags\t\t: %s
                vmx flags\t: vnmi

                processor\t: 1
                vendor_id\t: other
                flags\t\t: none
                """.formatted(vendor, flags));
    }

    HostTree kernelOffersKvm() {
        return file("proc/misc", "234 btrfs-control\n232 kvm\n");
    }

    HostTree module(String name) {
        return file("sys/module/" + name + "/parameters/p", "Y\n");
    }

    HostTree file(String path, String content) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            return this;
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    HostFacts read() {
        return HostFacts.read(root);
    }
}
