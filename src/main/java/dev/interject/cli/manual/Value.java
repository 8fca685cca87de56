package dev.interject.cli.manual;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Model.ArgSpec;

/** The values that an argument accepts. */
public sealed interface Value {

    /** One of these words. */
    record Word(List<String> words) implements Value {}

    /** A file's name. */
    record FileName() implements Value {}

    /** Anything else, such as a number or a time, which completion cannot offer. */
    record Free() implements Value {}

    static Value of(ArgSpec argument) {
        if (argument.completionCandidates() != null) {
            List<String> words = new ArrayList<>();
            argument.completionCandidates().forEach(words::add);
            return new Word(List.copyOf(words));
        }
        boolean file = argument.type() == java.nio.file.Path.class || argument.type() == File.class;
        return file ? new FileName() : new Free();
    }
}
