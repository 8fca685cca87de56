package dev.interject.experiment.qemu;

/** QEMU answers a command with an error. */
final class RefusedCommandException extends QemuException {

    private static final long serialVersionUID = 1;

    RefusedCommandException(String what) {
        super(what, "see whether that QEMU emulates a PC, and is not older than 4.0");
    }
}
