package dev.interject.experiment.qemu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.guest.image.Images;

/** A QEMU that runs the test image {@code situations} in one of its situations, with two sockets of QMP. */
public final class Qemu implements AutoCloseable {

    private final Process process;
    private final Path folder;

    private Qemu(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    /**
     * Starts it, and waits until the guest is in the situation.
     *
     * @param situation a letter, see the image
     */
    public static Qemu in(char situation, Accelerator accelerator, String... options) {
        Qemu qemu =
                start(accelerator, Stream.concat(Stream.of("-kernel", Images.file("situations").toString(), "-append",
                        String.valueOf(situation)), Stream.of(options)));
        Hang.orUntil(() -> qemu.hasPrinted("!"));
        return qemu;
    }

    /** Starts it with nothing but its firmware, and waits until that has found nothing to boot. */
    public static Qemu ofFirmware(Accelerator accelerator) {
        Qemu qemu = start(accelerator, Stream.of("-global", "isa-debugcon.iobase=0x402")); // SeaBIOS's debug console
        Hang.orUntil(() -> qemu.hasPrinted("No bootable device."));
        return qemu;
    }

    /** Presses a key, which is not released: the keyboard sends one scan code. */
    public static void press(String key, QemuMonitor monitor) {
        Map<String, Object> press = Map.of("key", Map.of("type", "qcode", "data", key), "down", true);
        monitor.execute("input-send-event", Map.of("events", List.of(Map.of("type", "key", "data", press))));
    }

    private static Qemu start(Accelerator accelerator, Stream<String> options) {
        try {
            Path folder = Files.createTempDirectory("interject-qemu-");
            List<String> command = new ArrayList<>(List.of("qemu-system-x86_64", "-machine", accelerator.option(),
                    "-m", "16", "-nodefaults", "-display", "none", "-no-reboot", "-net", "none", "-debugcon",
                    "file:" + folder.resolve("console"), "-qmp",
                    "unix:" + folder.resolve("qmp") + ",server=on,wait=off",
                    "-qmp", "unix:" + folder.resolve("other") + ",server=on,wait=off", "-monitor",
                    "unix:" + folder.resolve("monitor") + ",server=on,wait=off"));
            options.forEach(command::add);
            return new Qemu(new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start(), folder);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private boolean hasPrinted(String text) {
        try {
            if (!process.isAlive()) {
                throw new AssertionError("QEMU has ended: " + Files.readString(folder.resolve("log")));
            }
            Path console = folder.resolve("console");
            return Files.exists(console) && Files.readString(console).contains(text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The path of a socket: {@code qmp}, {@code other}, or {@code monitor}. */
    public String socket(String name) {
        return folder.resolve(name).toString();
    }

    /** Ends it at once. */
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try (Stream<Path> files = Files.walk(folder)) {
            if (!process.waitFor(Hang.AFTER.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("QEMU does not end");
            }
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
