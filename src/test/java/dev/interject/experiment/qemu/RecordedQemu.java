package dev.interject.experiment.qemu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Answers as a QEMU did whose texts were recorded ({@code src/test/resources/qemu}): a version that is not installed
 * here, or one that misbehaves.
 */
final class RecordedQemu implements AutoCloseable {

    /** What follows this in an answer is sent with the next answer. */
    static final String LATER = "\0";

    static final String GREETING = "{\"QMP\": {\"version\": {}, \"capabilities\": []}}\n";

    private final Path folder;
    private final ServerSocketChannel server;
    private final Map<String, String> texts;
    private final String greeting;
    private final UnaryOperator<String> answers;
    private final List<String> commands = Collections.synchronizedList(new ArrayList<>());

    /**
     * @param greeting its first bytes
     * @param answers  changes each answer before it is sent; null ends the connection
     */
    private RecordedQemu(Map<String, String> texts, String greeting, UnaryOperator<String> answers) {
        this.texts = texts;
        this.greeting = greeting;
        this.answers = answers;
        try {
            this.folder = Files.createTempDirectory("interject-qmp-");
            this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    .bind(UnixDomainSocketAddress.of(folder.resolve("qmp")));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Thread.ofVirtual().start(this::serve);
    }

    static RecordedQemu of(Map<String, String> texts) {
        return new RecordedQemu(texts, GREETING, UnaryOperator.identity());
    }

    static RecordedQemu greetingWith(String greeting) {
        return new RecordedQemu(Map.of(), greeting, UnaryOperator.identity());
    }

    static RecordedQemu answering(Map<String, String> texts, UnaryOperator<String> answers) {
        return new RecordedQemu(texts, GREETING, answers);
    }

    /** The texts of a recording, by the commands that print them. */
    static Map<String, String> recording(String name, int vcpus) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("info registers -a", text(name, "registers"));
        texts.put("info pic", text(name, "pic"));
        texts.put("info mtree -f", text(name, "mtree"));
        texts.put("info kvm", text(name, "kvm"));
        IntStream.range(0, vcpus).forEach(id -> texts.put("info lapic " + id, text(name, "lapic" + id)));
        return texts;
    }

    private static String text(String name, String command) {
        try (var in = RecordedQemu.class.getResourceAsStream("/qemu/%s/%s.txt".formatted(name, command))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String socket() {
        return folder.resolve("qmp").toString();
    }

    /** The commands that it was given. */
    List<String> commands() {
        return List.copyOf(commands);
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                serve(client);
            } catch (IOException _) {
                // the client, or this test, has closed it
            }
        }
    }

    private void serve(SocketChannel client) throws IOException {
        send(client, greeting);
        BufferedReader lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(client),
                StandardCharsets.UTF_8));
        String left = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Map<?, ?> command = (Map<?, ?>) Json.parse(line);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("return", result(command));
            answer.put("id", command.get("id"));
            String sent = answers.apply(new String(Json.write(answer), StandardCharsets.UTF_8));
            if (sent == null) {
                return;
            }
            String all = left + "{\"event\": \"RTC_CHANGE\", \"data\": {}}\r\n" + sent + "\r\n";
            int end = all.contains(LATER) ? all.indexOf(LATER) : all.length();
            send(client, all.substring(0, end));
            left = all.substring(end).replace(LATER, "");
        }
    }

    private Object result(Map<?, ?> command) {
        String name = String.valueOf(command.get("execute"));
        Map<?, ?> arguments = (Map<?, ?>) command.get("arguments");
        commands.add(name);
        return switch (name) {
            case "query-status" -> {
                boolean isRunning = !commands.contains("stop") || commands.contains("cont");
                yield Map.of("running", isRunning, "status", isRunning ? "running" : "paused");
            }
            case "query-cpus-fast" -> texts.keySet()
                    .stream()
                    .filter(text -> text.startsWith("info lapic"))
                    .map(text -> Map.of("qom-path", text.replace("info lapic ", "/cpu/")))
                    .toList();
            case "qom-get" -> property((String) arguments.get("path"), (String) arguments.get("property"));
            case "human-monitor-command" -> texts.getOrDefault(arguments.get("command-line"), "").replace("\n", "\r\n");
            default -> Map.of();
        };
    }

    /** Null if there is no such vCPU. */
    private Object property(String path, String name) {
        String number = path.replaceAll("\\D", "");
        return switch (name) {
            case "apic-id", "id" -> number.isEmpty() ? null : Integer.valueOf(number);
            case "phys-bits" -> 40;
            case "confidential-guest-support" -> texts.getOrDefault(name, "");
            case "apic" -> true;
            default -> false;
        };
    }

    private static void send(SocketChannel client, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(folder.resolve("qmp"));
            Files.delete(folder);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
