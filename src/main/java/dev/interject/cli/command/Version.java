package dev.interject.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

import dev.interject.experiment.doctor.HostBackend;
import picocli.CommandLine.IVersionProvider;

/** Prints the version, the commit, and what it runs on. */
public final class Version implements IVersionProvider {

    private static final String UNKNOWN = "unknown";

    @Override
    public String[] getVersion() {
        Properties build = build();
        return new String[]{
            "interject %s, commit %s".formatted(build.getProperty("version", UNKNOWN),
                    build.getProperty("commit", UNKNOWN)),
            "Java %s (%s), %s %s %s".formatted(Runtime.version(), System.getProperty("java.vendor"),
                    System.getProperty("os.name"), System.getProperty("os.version"), System.getProperty("os.arch")),
            "KVM " + HostBackend.ofThisHost().map(HostBackend::toString).orElse(UNKNOWN)};
    }

    /** Written by Maven; empty if something else built the classes, such as an IDE. */
    private static Properties build() {
        Properties build = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("build.properties")) {
            if (file != null) {
                build.load(file);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return build;
    }
}
