package dev.interject.cli.option;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a file. The JVM decodes arguments, and encodes names, in the encoding of the locale. */
public final class FileNameConverter implements ITypeConverter<Path> {

    /** What the JVM makes of bytes that are no text in its encoding. */
    private static final int NO_TEXT = 0xfffd;

    @Override
    public Path convert(String name) {
        try {
            return fileNamed(name);
        } catch (UsageException refused) {
            throw new TypeConversionException(refused.getMessage());
        }
    }

    /** @throws UsageException if no file can have this name */
    public static Path fileNamed(String name) {
        if (name.indexOf(NO_TEXT) >= 0) {
            throw refused(name);
        }
        try {
            return Path.of(name);
        } catch (InvalidPathException notEncoded) {
            throw refused(name);
        }
    }

    private static UsageException refused(String name) {
        String encoding = System.getProperty("sun.jnu.encoding");
        return new UsageException("'%s' is no name of a file in the locale's encoding, %s%s".formatted(name, encoding,
                encoding.equals("UTF-8") ? "" : "; set LC_ALL=C.UTF-8"));
    }
}
