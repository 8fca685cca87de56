package dev.interject.experiment.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The memory in use, in bytes.
 *
 * @param process of this process: its resident memory, but of the Java heap only the live objects
 * @param kernel  of the kernel, of the kinds that grow with VMs (stacks are in VmallocUsed); for all processes, which
 *                the kernel does not count separately
 */
record HostMemory(long process, long kernel) {

    private static final Path OF_THIS_PROCESS = Path.of("/proc/self/status");
    private static final Path OF_THE_HOST = Path.of("/proc/meminfo");
    private static final Set<String> RESIDENT = Set.of("VmRSS:");
    private static final Set<String> KERNEL =
            Set.of("SUnreclaim:", "PageTables:", "SecPageTables:", "VmallocUsed:", "Percpu:");
    private static final long BYTES_PER_KIB = 1024;
    private static final int PIECE_BYTES = 1 << 16;

    /**
     * Collects garbage and reads the current values. {@link #touchHeap} must have been called, or the heap's growth is
     * counted twice.
     */
    static HostMemory now() {
        System.gc();
        long live = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        return new HostMemory(sum(OF_THIS_PROCESS, RESIDENT) + live, sum(OF_THE_HOST, KERNEL));
    }

    /** Makes every page of the heap resident, so that afterwards only live objects make a difference. */
    static void touchHeap() {
        long pieces = Runtime.getRuntime().totalMemory() / PIECE_BYTES;
        byte[][] kept = new byte[(int) pieces / 2][];
        for (int i = 0; i < kept.length && Runtime.getRuntime().freeMemory() > 4 * PIECE_BYTES; i++) {
            kept[i] = new byte[PIECE_BYTES];
        }
    }

    HostMemory minus(HostMemory before) {
        return new HostMemory(process - before.process, kernel - before.kernel);
    }

    private static long sum(Path file, Set<String> fields) {
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.stream()
                    .map(line -> line.split("\\s+"))
                    .filter(words -> words.length > 1 && fields.contains(words[0]))
                    .mapToLong(words -> Long.parseLong(words[1]) * BYTES_PER_KIB)
                    .sum();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
