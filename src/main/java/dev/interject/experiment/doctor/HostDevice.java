package dev.interject.experiment.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The file {@code /dev/kvm} as {@code stat(2)} shows it. A container may still forbid opening it.
 *
 * @param type  what kind of file it is, such as {@code character device 10:232} or {@code directory}
 * @param group the name of the owning group, or its number if this system has no name for it
 * @param mode  the permission bits
 */
record HostDevice(String type, String owner, String group, long gid, int mode) {

    /** MISC_MAJOR of the kernel's major.h. */
    private static final int MISC_MAJOR = 10;
    /** KVM_MINOR of the kernel's miscdevice.h. */
    private static final int USUAL_MINOR = 232;

    private static final int PERMISSIONS = 0777;
    private static final int GROUP_READ_WRITE = 0060;
    private static final int FILE_TYPE = 0170000;

    /** How an ID appears in a user namespace that does not map it. */
    private static final long OVERFLOW_GID = 65534;

    /** Reads the attributes of a file, following links; empty if there is none. */
    static Optional<HostDevice> read(Path path) {
        try {
            PosixFileAttributes names = Files.readAttributes(path, PosixFileAttributes.class);
            Map<String, Object> numbers = Files.readAttributes(path, "unix:gid,mode,rdev");
            int mode = ((Number) numbers.get("mode")).intValue();
            return Optional.of(new HostDevice(type(mode, ((Number) numbers.get("rdev")).longValue()),
                    names.owner().getName(), names.group().getName(), ((Number) numbers.get("gid")).longValue(),
                    mode & PERMISSIONS));
        } catch (IOException | UnsupportedOperationException absent) {
            return Optional.empty();
        }
    }

    /** The file types of inode(7); the major and minor number as in glibc's {@code gnu_dev_major}. */
    private static String type(int mode, long rdev) {
        String numbers = " %d:%d".formatted(rdev >> 8 & 0xfff | rdev >> 32 & ~0xfff, rdev & 0xff | rdev >> 12 & ~0xff);
        return switch (mode & FILE_TYPE) {
            case 0010000 -> "FIFO";
            case 0020000 -> "character device" + numbers;
            case 0040000 -> "directory";
            case 0060000 -> "block device" + numbers;
            case 0100000 -> "regular file";
            case 0140000 -> "socket";
            default -> "file of an unknown type";
        };
    }

    /** The minor number of KVM's device: the one that the kernel names, or else the usual one. */
    static int kvmMinor(OptionalInt named) {
        return named.orElse(USUAL_MINOR);
    }

    /** What this file is instead of KVM's device, in one line; empty if it is KVM's device. */
    Optional<String> mismatch(OptionalInt kvmMinor) {
        String expected = "character device %d:%d".formatted(MISC_MAJOR, kvmMinor(kvmMinor));
        return type.equals(expected) ? Optional.empty() : Optional.of("%s, not %s".formatted(type, expected));
    }

    /** Whether membership of its group is enough to open it. */
    boolean groupMayOpen() {
        return (mode & GROUP_READ_WRITE) == GROUP_READ_WRITE;
    }

    /** Whether a user can reasonably be added to its group. */
    boolean groupMayBeJoined() {
        return gid != 0 && !groupIsUnmapped();
    }

    /** Whether its group is not mapped into this user namespace. */
    boolean groupIsUnmapped() {
        return gid == OVERFLOW_GID;
    }

    @Override
    public String toString() {
        return "%s:%s (gid %d), mode %04o".formatted(owner, group, gid, mode);
    }
}
