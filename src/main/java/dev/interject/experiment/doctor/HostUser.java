package dev.interject.experiment.doctor;

import java.util.Set;
import java.util.TreeSet;

/**
 * The user who runs this process.
 *
 * @param name   as the password file has it; {@code ?} for a number without an entry
 * @param uid    the effective user ID
 * @param groups all group IDs, the effective one among them
 */
record HostUser(String name, long uid, Set<Long> groups) {

    boolean hasName() {
        return !name.equals("?");
    }

    @Override
    public String toString() {
        String groupList = new TreeSet<>(groups).toString();
        return "%s, uid %d, groups %s".formatted(hasName() ? name : "without a name", uid,
                groupList.substring(1, groupList.length() - 1));
    }
}
