package dev.interject.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process has of the host.
 *
 * @param descriptors open file descriptors
 * @param vcpuThreads threads of vCPUs
 * @param kvmMappings mappings of KVM's files
 * @param bytes       resident memory
 */
record Resources(long descriptors, long vcpuThreads, long kvmMappings, long bytes) {

    private static final Path SELF = Path.of("/proc/self");

    static Resources now() {
        try (Stream<Path> open = Files.list(SELF.resolve("fd"))) {
            return new Resources(open.count() - 1, vcpuThreadsNow(), kvmMappingsNow(), residentBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static long vcpuThreadsNow() {
        return Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(thread -> thread.getName().startsWith("vcpu"))
                .count();
    }

    private static long kvmMappingsNow() throws IOException {
        try (Stream<String> lines = Files.lines(SELF.resolve("maps"))) {
            return lines.filter(line -> line.contains("kvm")).count();
        }
    }

    private static long residentBytes() throws IOException {
        try (Stream<String> lines = Files.lines(SELF.resolve("status"))) {
            String resident = lines.filter(line -> line.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(resident.replaceAll("\\D", "")) << 10;
        }
    }

    /** Counts each kind of which there is more than before as bad. Memory is not compared: the JVM takes its share. */
    void compareWithNow(Figure figure) {
        Resources now = now();
        expect(figure, "descriptors", descriptors, now.descriptors);
        expect(figure, "threads of vCPUs", vcpuThreads, now.vcpuThreads);
        expect(figure, "mappings of KVM", kvmMappings, now.kvmMappings);
    }

    private static void expect(Figure figure, String what, long before, long after) {
        if (after > before) {
            figure.bad("%s: %d, were %d".formatted(what, after, before));
        }
    }
}
