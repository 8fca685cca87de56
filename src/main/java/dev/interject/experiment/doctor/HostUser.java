package dev.interject.experiment.doctor;

import java.util.Set;
import java.util.TreeSet;

/**
 * The user who runs this process.
 *
 * @param name   from the password file; {@code ?} for a user ID without an entry
 * @param uid    the effective user ID
 * @param groups all group IDs, including the effective one
 */
record HostUser(String name, long uid, Set<Long> groups) {

    boolean hasName() {
        return !name.equals("?");
    }

    @Override
    public String toString() {
        String groupList = new TreeSet<>(groups).toString();
        return "%s, uid %d, groups %s".formatted(hasName() ? name : "unnamed", uid,
                groupList.substring(1, groupList.length() - 1));
    }
}
