package dev.interject.experiment.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary directory for this process and its children, which is deleted on close. It has a locked file as long as
 * it is used, so that what a killed process left is recognized, and deleted, by the next one.
 */
final class WorkDirectory implements AutoCloseable {

    private static final String PREFIX = "interject-bench";
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel lock;

    private WorkDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes one in {@code $TMPDIR}, or where the JVM makes temporary files.
     *
     * @throws IOException if the file system is full or read-only, for example
     */
    static WorkDirectory make() throws IOException {
        String chosen = System.getenv("TMPDIR");
        return makeIn(Path.of(chosen == null || chosen.isEmpty() ? System.getProperty("java.io.tmpdir") : chosen));
    }

    static WorkDirectory makeIn(Path parent) throws IOException {
        Path path = Files.createTempDirectory(parent, PREFIX);
        try {
            deleteAbandoned(parent, path);
            FileChannel lock = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE);
            lock.lock();
            if (Files.notExists(path.resolve(LOCK))) { // another process has found it unlocked
                lock.close();
                return makeIn(parent);
            }
            return new WorkDirectory(path, lock);
        } catch (IOException failed) {
            deleteAll(path);
            throw failed;
        }
    }

    Path path() {
        return path;
    }

    /** Others' directories have another owner, and a link leads anywhere. */
    private static void deleteAbandoned(Path parent, Path own) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path other : found) {
                if (!other.equals(own) && Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(own))) {
                    deleteIfAbandoned(other);
                }
            }
        }
    }

    /** Without a file to lock, it may have been made a moment ago. */
    private static void deleteIfAbandoned(Path directory) {
        try (FileChannel file = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS); FileLock free = file.tryLock()) {
            if (free != null) {
                deleteAll(directory);
            }
        } catch (IOException | OverlappingFileLockException inUse) {
            // or deleted by another process
        }
    }

    /** Deletes what can be deleted. */
    private static void deleteAll(Path directory) {
        List<Path> deepestFirst = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(deepestFirst::add);
        } catch (IOException | UncheckedIOException gone) {
            // what was found is deleted
        }
        for (Path file : deepestFirst) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException kept) {
                // the next start tries again
            }
        }
    }

    @Override
    public void close() {
        deleteAll(path);
        try {
            lock.close();
        } catch (IOException unlocked) {
            // its file is deleted
        }
    }
}
