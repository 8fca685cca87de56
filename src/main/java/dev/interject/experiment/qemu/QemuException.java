package dev.interject.experiment.qemu;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** QEMU cannot be reached, or does not answer as it should. */
public sealed class QemuException extends RuntimeException permits RefusedCommandException {

    private static final long serialVersionUID = 1;
    private static final int LONGEST = 400;

    private final String fix;

    /**
     * @param what is wrong, with the socket's name
     * @param fix  what to do about it
     */
    QemuException(String what, String fix) {
        super(what.length() <= LONGEST ? what : what.substring(0, LONGEST) + " …");
        this.fix = fix;
    }

    /** What to do about it. */
    public String fix() {
        return fix;
    }

    /** The same, with what failed while the connection was closed. */
    public QemuException withSuppressed() {
        if (getSuppressed().length == 0) {
            return this;
        }
        String all = Stream.concat(Stream.of(getMessage()), Stream.of(getSuppressed()).map(Throwable::getMessage))
                .collect(Collectors.joining("; then "));
        return new QemuException(all,
                getSuppressed()[getSuppressed().length - 1] instanceof QemuException last ? last.fix() : fix);
    }
}
