package dev.interject.cli.option;

import static dev.interject.cli.option.UsageException.require;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import dev.interject.cli.output.FileOutput;
import picocli.CommandLine.Option;

/** The option that names a file for the result. */
public final class FileOption {

    @Option(names = "--file", paramLabel = "FILE", description = "write to this file instead of standard output")
    private Path file;

    /**
     * To be called before the experiment, which may take long.
     *
     * @throws UsageException if the file cannot exist
     */
    public void check() {
        if (file != null) {
            Path absolute = file.toAbsolutePath();
            require(!Files.isDirectory(absolute), "--file " + file + ": is a directory");
            require(Files.isDirectory(absolute.getParent()), "--file " + file + ": no such directory");
        }
    }

    /**
     * The file for a result; empty for standard output.
     *
     * @param hasResult whether there is one: if the experiment was refused, the file keeps an earlier result
     */
    public Optional<FileOutput> output(boolean hasResult) {
        return Optional.ofNullable(file).filter(_ -> hasResult).map(FileOutput::new);
    }
}
