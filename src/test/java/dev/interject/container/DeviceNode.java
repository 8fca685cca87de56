package dev.interject.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.interject.Requirement;
import dev.interject.cli.ChildProcess;
import org.junit.jupiter.api.Assumptions;

/**
 * A node of KVM's device that only root and one group may open, as with many distributions' {@code /dev/kvm}.
 *
 * @param path  where it is on the host
 * @param group that group's number
 */
record DeviceNode(Path path, long group) {

    private static final Path HOSTS = Path.of("/dev/kvm");

    /** A group without members. */
    private static final long OWN_GROUP = 47_111;

    /** On a CI runner the tests do not run as root but may use sudo. */
    private static final String MAKE = """
            make='mknod -m 660 "$1" c $2 && chgrp $3 "$1"'
            sh -ec "$make" sh "$@" || sudo -n sh -ec "$make" sh "$@"
            """;

    /** Creates one in this directory; without root rights, uses the host's if it fits. */
    static DeviceNode in(Path directory) throws IOException {
        String node = directory.resolve("kvm").toString();
        ChildProcess.Result made = ChildProcess.run(List.of("sh", "-c", MAKE, "sh", node, numbersOfTheHosts(),
                Long.toString(OWN_GROUP)));
        if (made.exitCode() == 0) {
            return new DeviceNode(Path.of(node), OWN_GROUP);
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(HOSTS);
        boolean ofTheKind = permissions.contains(PosixFilePermission.GROUP_WRITE)
                && !permissions.contains(PosixFilePermission.OTHERS_READ);
        if (!ofTheKind) {
            String trouble = "no device node for one group alone: " + made.err().strip();
            new Requirement("a device node", DockerCondition.REQUIRE, Optional.of(trouble)).evaluate();
            Assumptions.abort(trouble);
        }
        return new DeviceNode(HOSTS, ((Integer) Files.getAttribute(HOSTS, "unix:gid")).longValue());
    }

    /** Major and minor. */
    private static String numbersOfTheHosts() {
        return ChildProcess.run(List.of("stat", "-c", "0x%t 0x%T", HOSTS.toString())).out().strip();
    }
}
