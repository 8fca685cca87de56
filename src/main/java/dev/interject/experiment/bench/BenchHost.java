package dev.interject.experiment.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.stream.Stream;

/**
 * Where and when something was measured.
 *
 * @param name      the host's name
 * @param processor the processor's model; "unknown processor" where the kernel does not say
 * @param kernel    the version of the kernel
 * @param java      the version of the JVM
 */
public record BenchHost(String name, String processor, String kernel, String java, LocalDate date) {

    /** This host, today. */
    public static BenchHost current() {
        return new BenchHost(lines("/proc/sys/kernel/hostname").findFirst().orElse("unknown host"),
                lines("/proc/cpuinfo").filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse("unknown processor"),
                System.getProperty("os.version"), Runtime.version().toString(), LocalDate.now());
    }

    private static Stream<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream();
        } catch (IOException unreadable) {
            return Stream.empty();
        }
    }

    /** In one line. */
    public String describe() {
        return "host %s (%s), %s, Linux %s, Java %s".formatted(name, processor, date, kernel, java);
    }
}
