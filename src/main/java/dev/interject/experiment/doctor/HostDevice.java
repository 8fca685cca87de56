package dev.interject.experiment.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Map;
import java.util.Optional;

/**
 * What the file system says of {@code /dev/kvm}. Whether it opens is another matter: containers may forbid it.
 *
 * @param group the name of the owning group, or its number where it has no name here
 * @param mode  the permission bits
 */
record HostDevice(String owner, String group, long gid, int mode) {

    private static final int PERMISSIONS = 0777;
    private static final int GROUP_READ_WRITE = 0060;

    /** What an ID looks like inside a user namespace that does not know it. */
    private static final long OVERFLOW_GID = 65534;

    /** The attributes of that file, or empty where there is none. */
    static Optional<HostDevice> read(Path path) {
        try {
            PosixFileAttributes names = Files.readAttributes(path, PosixFileAttributes.class);
            Map<String, Object> numbers = Files.readAttributes(path, "unix:gid,mode");
            return Optional.of(new HostDevice(names.owner().getName(), names.group().getName(),
                    ((Number) numbers.get("gid")).longValue(),
                    ((Number) numbers.get("mode")).intValue() & PERMISSIONS));
        } catch (IOException | UnsupportedOperationException absent) {
            return Optional.empty();
        }
    }

    /** Whether being in its group is enough to open it. */
    boolean groupMayOpen() {
        return (mode & GROUP_READ_WRITE) == GROUP_READ_WRITE;
    }

    /** Whether its group is one that a user may well be made a member of. */
    boolean groupMayBeJoined() {
        return gid != 0 && !groupIsUnmapped();
    }

    /** Whether its group exists only outside of this user namespace. */
    boolean groupIsUnmapped() {
        return gid == OVERFLOW_GID;
    }

    @Override
    public String toString() {
        return "%s:%s (gid %d), mode %04o".formatted(owner, group, gid, mode);
    }
}
