package dev.interject.experiment.host;

/**
 * What the user can do about a trouble of the host.
 *
 * @param where for whom it is, such as {@code on a CI runner}; empty: for everybody
 * @param what  a shell command that works as it stands, or advice; may have several lines
 */
public record HostMend(String where, String what) {

    static HostMend of(String what) {
        return new HostMend("", what);
    }

    /** All of it in one line; a command still works. */
    public String oneLine() {
        String line = what.replace("\n", " ");
        return where.isEmpty() ? line : where + ": " + line;
    }
}
