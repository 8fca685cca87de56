package dev.interject.cli.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where a result goes. */
public final class OutputOptions {

    @Option(names = "--file", paramLabel = "FILE", description = "write to this file instead of standard output")
    private Path file;

    /**
     * To be called before the work, not after it.
     *
     * @throws ParameterException where there can be no such file
     */
    public void requireAPlace(CommandSpec command) {
        whyThereIsNone().ifPresent(reason -> {
            throw new ParameterException(command.commandLine(), "--file %s: %s".formatted(file, reason));
        });
    }

    private Optional<String> whyThereIsNone() {
        if (file == null) {
            return Optional.empty();
        }
        Path place = file.toAbsolutePath();
        if (Files.isDirectory(place)) {
            return Optional.of("is a directory");
        }
        return Files.isDirectory(place.getParent()) ? Optional.empty() : Optional.of("no such directory");
    }

    /** The file's name; empty for standard output. */
    public Optional<String> file() {
        return Optional.ofNullable(file).map(Path::toString);
    }

    /** How text is shown there. */
    public Style style() {
        return file == null ? Style.ofStandardOutput() : Style.plain();
    }

    /** @throws OutputFailure where not all of it could be written */
    public void write(StandardOutput.Content content) {
        if (file == null) {
            StandardOutput.write(content);
            return;
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            content.writeTo(out);
        } catch (IOException failed) {
            throw new OutputFailure(file.toString(), failed);
        }
    }

    /** Writes text as UTF-8. */
    public void write(String text) {
        write(out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
