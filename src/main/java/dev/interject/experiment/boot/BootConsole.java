package dev.interject.experiment.boot;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a guest's console is connected.
 *
 * @param output receives what it shows
 * @param input  what is typed; empty for nothing
 * @param escape whether Ctrl-A x in the input ends the guest
 */
public record BootConsole(OutputStream output, Optional<InputStream> input, boolean escape) {

    /** Checks that nothing is missing. */
    public BootConsole {
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(input, "input");
    }

    /** Output only. */
    public BootConsole(OutputStream output) {
        this(output, Optional.empty(), false);
    }
}
