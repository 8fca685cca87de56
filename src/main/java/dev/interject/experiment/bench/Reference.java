package dev.interject.experiment.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Outcome;
import dev.interject.guest.image.GuestImage;

/** The C program of {@code bench/}: built in a temporary directory, run once for each round, deleted on close. */
final class Reference implements Sampler, AutoCloseable {

    private static final List<String> HEADERS = List.of("reference.h");
    private static final List<String> SOURCES = List.of("reference.c", "vm.c", "vcpu.c", "kick.c", "devices.c",
            "paths.c", "msrs.c", "snapshot.c", "machines.c");
    private static final List<String> COMPILER = List.of("cc", "-O2", "-std=c17", "-pthread", "-o");
    private static final String FIX = "apt-get install gcc libc6-dev (or dnf install gcc glibc-devel kernel-headers)";
    private static final String DIRECTORY_FIX =
            "set TMPDIR to a directory with free space on a writable file system without noexec";
    /** What is said where a file cannot be written, in the locale C. */
    private static final List<String> DIRECTORY_ERRORS = List.of("No space left on device", "Read-only file system",
            "Disk quota exceeded", "Permission denied", "annot create temporary file");

    private static final long LEAST_SPACE = 1 << 20;

    private static final int UNABLE = 3;
    /** Exit codes of SIGHUP, SIGINT and SIGTERM, which a terminal or timeout(1) sends to the whole process group. */
    private static final Set<Integer> ENDED_BY_USER = Set.of(129, 130, 143);

    private static final int LOOK_AGAIN_MILLIS = 20;

    private final Cancellation cancellation;
    private final WorkDirectory work;
    private final Path directory;
    private final Path program;
    private final Map<String, Path> images = new HashMap<>();

    private Reference(Cancellation cancellation, WorkDirectory work) {
        this.cancellation = cancellation;
        this.work = work;
        this.directory = work.path();
        this.program = directory.resolve("reference");
    }

    /** @throws ReferenceMissingException if there is no C compiler, or it fails, or there is no place for its files */
    static Reference build(Cancellation cancellation) {
        try {
            Reference reference = new Reference(cancellation, WorkDirectory.make());
            try {
                reference.compile();
                return reference;
            } catch (RuntimeException | IOException failed) {
                reference.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw new ReferenceMissingException("the C reference cannot be built: " + reason(failed), DIRECTORY_FIX);
        }
    }

    private void compile() throws IOException {
        for (String name : Stream.concat(HEADERS.stream(), SOURCES.stream()).toList()) {
            try (InputStream source = Reference.class.getResourceAsStream("/bench/" + name)) {
                if (source == null) {
                    throw new IllegalStateException("/bench/" + name + " is missing; build again with ./mvnw package");
                }
                Files.copy(source, directory.resolve(name));
            }
        }
        List<String> command = new ArrayList<>(COMPILER);
        command.add(program.toString());
        command.addAll(SOURCES);
        ProcessBuilder compiler =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        // If the compiler is killed, its temporary files are deleted with this directory.
        compiler.environment().put("TMPDIR", directory.toString());
        compiler.environment().put("LC_ALL", "C");
        Path output = directory.resolve("cc.out");
        Process process;
        try {
            process = compiler.redirectOutput(output.toFile()).start();
        } catch (IOException failed) {
            if (isOnPath(COMPILER.getFirst())) {
                throw failed;
            }
            throw new ReferenceMissingException("the C reference needs a C compiler, and there is no `cc`", FIX);
        }
        if (await(process) != 0) {
            String error = firstError(output);
            throw new ReferenceMissingException("the C reference does not compile: " + error,
                    isOfDirectory(error) ? DIRECTORY_FIX : FIX);
        }
    }

    private static boolean isOnPath(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> new File(folder, name).canExecute());
    }

    /** An error line that the disk had no room for is missing. */
    private boolean isOfDirectory(String error) throws IOException {
        return DIRECTORY_ERRORS.stream().anyMatch(error::contains)
                || Files.getFileStore(directory).getUsableSpace() < LEAST_SPACE;
    }

    private static String firstError(Path output) throws IOException {
        try (Stream<String> lines = Files.lines(output, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> DIRECTORY_ERRORS.stream().anyMatch(line::contains) || line.contains("error"))
                    .findFirst()
                    .orElse("cc gave no error message");
        }
    }

    private static String reason(IOException failed) {
        return switch (failed) {
            case NoSuchFileException missing -> missing.getFile() + ": no such directory";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            default -> String.valueOf(failed.getMessage());
        };
    }

    @Override
    public String name() {
        return "C";
    }

    @Override
    public Round round(Subject subject, int warmUp, int turns) {
        BenchPath path = subject.path();
        List<String> command =
                List.of(program.toString(), subject.measure().label(), path.routeCase().irqchip().label(),
                        path.routeCase().route().label(), subject.load().label(), image(subject.image()).toString(),
                        Integer.toString(BenchPath.LINE),
                        Integer.toString(path.vector()), path.routeCase().vector().isPresent() ? "1" : "0",
                        Integer.toString(warmUp),
                        Integer.toString(turns), Long.toString(OwnSampler.PAUSE_NANOS));
        try {
            Path times = directory.resolve("reference.out");
            Path errors = directory.resolve("reference.err");
            int exitCode = await(new ProcessBuilder(command).redirectOutput(times.toFile())
                    .redirectError(errors.toFile())
                    .start());
            if (exitCode != 0) {
                throw new EndedEarlyException(exitCode == UNABLE ? Outcome.HOST_UNABLE : Outcome.NOT_TAKEN,
                        "the C reference: " + Files.readString(errors).strip());
            }
            return parse(Files.readAllLines(times), subject.measure().quantities().size(), warmUp + turns);
        } catch (IOException failed) {
            throw new ReferenceMissingException("the C reference does not run: " + reason(failed), DIRECTORY_FIX);
        }
    }

    private static Round parse(List<String> lines, int columns, int all) {
        if (lines.size() != all) {
            throw new EndedEarlyException(Outcome.NOT_TAKEN,
                    "the C reference gave %d times, not %d".formatted(lines.size(), all));
        }
        long[][] times = new long[columns][all];
        for (int i = 0; i < all; i++) {
            String[] words = lines.get(i).split(" ");
            for (int column = 0; column < columns; column++) {
                times[column][i] = Long.parseLong(words[column]);
            }
        }
        return Round.of(times);
    }

    private Path image(String name) {
        return images.computeIfAbsent(name, missing -> {
            try {
                return Files.write(directory.resolve(missing + ".elf"), GuestImage.fileOf(missing));
            } catch (IOException failed) {
                throw new ReferenceMissingException("the C reference does not run: " + reason(failed), DIRECTORY_FIX);
            }
        });
    }

    /**
     * Waits for the end of a process, whose output goes to files.
     *
     * @throws EndedEarlyException if the user cancels
     */
    int await(Process process) {
        try {
            while (!process.waitFor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                if (cancellation.isRequested()) {
                    break;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            cancellation.request();
        }
        if (!process.isAlive() && ENDED_BY_USER.contains(process.exitValue())) {
            cancellation.request(); // the same signal is on its way to this process
        }
        if (cancellation.isRequested()) {
            endWithItsChildren(process);
            throw new EndedEarlyException(Outcome.INTERRUPTED, "ended by the user");
        }
        return process.exitValue();
    }

    /** cc starts a compiler and an assembler, which would continue to write. */
    private static void endWithItsChildren(Process process) {
        List<ProcessHandle> all =
                Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
    }

    @Override
    public void close() {
        work.close();
    }
}
