package dev.interject.cli.output;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Standard output or the file for the result cannot be written. */
public final class OutputFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Without a cause, where only the fact is known. */
    public OutputFailure(String where) {
        super("cannot write to " + where);
    }

    OutputFailure(String where, IOException cause) {
        super("cannot write to %s: %s".formatted(where, reason(cause)), cause);
    }

    private static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException _ -> "no such directory";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            default -> cause.getMessage();
        };
    }
}
