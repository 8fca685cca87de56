package dev.interject.experiment.doctor;

/**
 * What the user can do about a trouble of the host.
 *
 * @param where for whom it is, such as {@code on a CI runner}; empty: for everybody
 * @param what  a shell command that works as it stands, or advice; may have several lines
 */
public record HostFix(String where, String what) {

    static HostFix of(String what) {
        return new HostFix("", what);
    }

    /** All of it in one line; a command still works. */
    public String oneLine() {
        String line = what.replace("\n", " ");
        return where.isEmpty() ? line : where + ": " + line;
    }
}
