package dev.interject.experiment.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.state.StateFile;

/**
 * A QEMU that runs a VM, as its machine protocol shows it (QEMU's docs/interop/qmp-spec). It changes nothing in the VM
 * but to stop it, if that is wanted. Not thread-safe.
 */
public final class QemuMonitor implements AutoCloseable {

    /** How long an answer of a QEMU that has to do nothing else may take. */
    public static final Duration USUAL_TIME = Duration.ofSeconds(5);

    static final String RUNNING = "running";
    private static final String PAUSED = "paused";
    private static final String HUMAN = "human-monitor-command";

    private final QmpAddress address;
    private final QmpChannel channel;
    private final Duration time;
    private long commands;
    private boolean isStopped;
    private boolean isLooking = true;

    private QemuMonitor(QmpAddress address, QmpChannel channel, Duration time) {
        this.address = address;
        this.channel = channel;
        this.time = time;
    }

    /**
     * Connects to a QEMU.
     *
     * @param  address               the path of a Unix socket, or {@code HOST:PORT}, as in QEMU's {@code -qmp}
     * @param  time                  how long a look may take: connecting, stopping and reading at first, then each
     *                               reading
     * @param  cancellation          ends it early
     * @throws QemuException         if it cannot be reached, or does not speak QMP
     * @throws CancellationException if the user ends it
     */
    public static QemuMonitor connect(String address, Duration time, Cancellation cancellation) {
        QmpAddress parsed = QmpAddress.of(address);
        QmpChannel channel = QmpChannel.open(parsed, time, Objects.requireNonNull(cancellation, "cancellation"));
        try {
            QemuMonitor monitor = new QemuMonitor(parsed, channel, time);
            monitor.greet();
            return monitor;
        } catch (RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    private void greet() {
        Object greeting = message(channel.readLine());
        if (!(greeting instanceof Map<?, ?> fields) || !fields.containsKey("QMP")) {
            throw notQmp("its greeting has no QMP");
        }
        execute("qmp_capabilities", Map.of());
    }

    private QemuException notQmp(String why) {
        return new QemuException("%s does not speak QMP: %s".formatted(address.text(), why),
                "name the socket of QEMU's -qmp, not that of -qmp-pretty, -monitor, -serial or -gdb");
    }

    private Object message(String line) {
        try {
            return Json.parse(line);
        } catch (IOException notJson) {
            String text = line.strip();
            throw notQmp("it says '%s'".formatted(text.length() > 60 ? text.substring(0, 60) + "…" : text));
        }
    }

    /**
     * Reads the VM's state. It runs meanwhile, unless {@link #stop} was called: then what is read may be torn.
     *
     * @throws QemuException         if QEMU goes away, or needs too long
     * @throws CancellationException if the user ends it
     */
    public StateFile readState() {
        beginLook();
        String runState = runState();
        StateFile state = new QemuStateReader(this, address.text(),
                isStopped ? Optional.empty() : Optional.of(runState)).read();
        isLooking = false;
        return state;
    }

    /** Connecting, stopping and reading are one look, for which there is one time. */
    private void beginLook() {
        if (!isLooking) {
            channel.allow(time);
        }
        isLooking = true;
    }

    /** Whether the VM runs, rather than being stopped. */
    public boolean isRunning() {
        return runState().equals(RUNNING);
    }

    /** QEMU's {@code RunState}: {@code running}, {@code paused}, {@code internal-error} … */
    private String runState() {
        return execute("query-status", Map.of()) instanceof Map<?, ?> status ? String.valueOf(status.get("status"))
                : "unknown";
    }

    /** Stops the VM if it runs. {@link #close} lets it run on. */
    public void stop() {
        beginLook();
        if (!isStopped && isRunning()) {
            isStopped = true; // also if the answer does not come
            execute("stop", Map.of());
        }
    }

    /** What a command of QEMU's human monitor prints, such as {@code info pic}. */
    public String human(String command) {
        String text = String.valueOf(execute(HUMAN, Map.of("command-line", command)));
        return text.replace("\r", "");
    }

    /** A property of an object, or null if there is none. */
    Object property(String path, String name) {
        try {
            return execute("qom-get", Map.of("path", path, "property", name));
        } catch (RefusedCommandException _) {
            return null;
        }
    }

    /** Executes a command of QMP, and returns what it answers. */
    Object execute(String command, Map<String, Object> arguments) {
        long id = ++commands;
        channel.write(new String(Json.write(Map.of("execute", command, "arguments", arguments, "id", id)),
                StandardCharsets.UTF_8));
        while (true) {
            if (message(channel.readLine()) instanceof Map<?, ?> answer && answer.get("id") instanceof Number number
                    && number.longValue() == id) { // others are events, and answers that came too late
                if (answer.get("error") instanceof Map<?, ?> error) {
                    throw new RefusedCommandException("%s: QEMU refuses %s: %s".formatted(address.text(), command,
                            error.get("desc")));
                }
                return answer.get("return");
            }
        }
    }

    /**
     * Lets the VM run on if {@link #stop} stopped it, and closes the connection. A VM that has come into another state
     * meanwhile is left in it: one that has been migrated away must not run here as well.
     */
    @Override
    public void close() {
        try (channel) {
            if (isStopped) {
                channel.finish(time);
                if (runState().equals(PAUSED)) {
                    execute("cont", Map.of());
                }
            }
        } catch (QemuException failed) {
            throw new QemuException("%s; the VM may still be stopped".formatted(failed.getMessage()),
                    "continue it: cont in QEMU's monitor");
        }
    }
}
