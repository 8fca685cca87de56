package dev.interject.experiment.state;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.interject.interrupt.state.GuestState;

/**
 * The state of a machine that was written down, by {@code explain --dump} or by another program.
 *
 * @param state       what the gates read; what the file lacks is unknown
 * @param expectsNmis whether the guest's handler of vector 2 is one for NMIs; empty if the file does not say
 * @param warnings    the fields that it has and that mean nothing, and what else is to be known of it
 */
public record StateFile(GuestState state, Optional<Boolean> expectsNmis, List<String> warnings) {

    public StateFile {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads a file. Paths in it are relative to its directory.
     *
     * @throws InvalidStateException if it is not the state of a machine
     */
    public static StateFile read(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || Files.isDirectory(file)) {
            throw new InvalidStateException("", "is a directory", "name a file").in(file.toString());
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(in, file.toString(), directory);
        } catch (NoSuchFileException missing) {
            throw new InvalidStateException("", "no such file", "check the path").in(file.toString());
        } catch (IOException unreadable) {
            throw new InvalidStateException("", "cannot be read: " + unreadable.getMessage(), "check the file")
                    .in(file.toString());
        }
    }

    /**
     * Reads a stream to its end.
     *
     * @param  name                  of the stream, for messages
     * @param  directory             from which paths in it lead
     * @throws InvalidStateException if it is not the state of a machine
     */
    public static StateFile read(InputStream in, String name, Path directory) {
        try {
            return new MachineReader(JsonSource.read(in)).read(directory);
        } catch (InvalidStateException invalid) {
            throw invalid.in(name);
        }
    }

    /**
     * Reads a stream to its end.
     *
     * @param  name                  of the stream, for messages
     * @param  memory                of the guest, instead of what the state says of it
     * @throws InvalidStateException if it is not the state of a machine
     */
    public static StateFile read(InputStream in, String name, KnownMemory memory) {
        try {
            return new MachineReader(JsonSource.read(in)).read(memory);
        } catch (InvalidStateException invalid) {
            throw invalid.in(name);
        }
    }

    /** The same with other warnings before its own. */
    public StateFile withNotes(List<String> notes) {
        return new StateFile(state, expectsNmis, Stream.concat(notes.stream(), warnings.stream()).toList());
    }
}
