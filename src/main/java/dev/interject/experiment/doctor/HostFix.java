package dev.interject.experiment.doctor;

/**
 * Something that the user can do about a problem of the host.
 *
 * @param where where it applies, such as {@code on a CI runner}; empty: everywhere
 * @param what  a shell command that works unchanged, or advice; may have several lines
 */
public record HostFix(String where, String what) {

    static HostFix of(String what) {
        return new HostFix("", what);
    }

    /** The fix in one line; a command still works. */
    public String oneLine() {
        String line = what.replace("\n", " ");
        return where.isEmpty() ? line : where + ": " + line;
    }
}
