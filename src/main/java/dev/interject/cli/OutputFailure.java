package dev.interject.cli;

import java.io.IOException;

/** Standard output is closed, full, or otherwise not writable. */
final class OutputFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    OutputFailure(IOException cause) {
        super("cannot write to standard output: " + cause.getMessage(), cause);
    }
}
