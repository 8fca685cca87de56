package dev.interject.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.interject.cli.option.UsageException;
import dev.interject.experiment.bench.Quantity;
import dev.interject.experiment.bench.Subject;
import dev.interject.interrupt.route.RouteCase;

/**
 * An earlier result, from the JSON that {@link BenchJson} wrote.
 *
 * @param name  of the file
 * @param times of each figure, by {@link #key}
 */
record BenchBaseline(String name, Map<String, Times> times) {

    /** A result has some 100 KiB. */
    private static final long LARGEST = 16 << 20;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxDocumentLength(LARGEST).build())
            .build();

    /** Nanoseconds. */
    record Times(long p50, long p99) {}

    /** The scalar fields of a row, which precede its figures. */
    private static final class RowFields {

        private final Map<String, String> values = new HashMap<>();

        private String key(String quantity) {
            return BenchBaseline.key(values.get("irqchip"), values.get("path"), values.get("guest"),
                    Boolean.parseBoolean(values.get("raw")), values.get("measure"), values.get("vcpu"), quantity);
        }
    }

    /** @throws UsageException if there is no such file, or it is something else */
    static BenchBaseline read(Path file) {
        try (InputStream in = Files.newInputStream(file); JsonParser json = FACTORY.createParser(in)) {
            BenchBaseline baseline = new BenchBaseline(file.toString(), new HashMap<>());
            if (baseline.parse(json)) {
                return baseline;
            }
        } catch (NoSuchFileException missing) {
            throw new UsageException("--baseline %s: there is no such file".formatted(file));
        } catch (IOException unreadable) {
            // not JSON
        }
        throw new UsageException("--baseline %s: not a result of bench --output json".formatted(file));
    }

    /** The earlier times of a figure; empty if it has none. */
    Optional<Times> find(Subject subject, Quantity quantity) {
        RouteCase path = subject.path().routeCase();
        return Optional.ofNullable(times.get(key(path.irqchip().label(), path.route().label(),
                subject.path().guest().halted(), path.vector().isPresent(), subject.measure().label(),
                subject.load().label(), quantity.label())));
    }

    private static String key(String irqchip, String path, String guest, boolean raw, String measure, String vcpu,
            String quantity) {
        return String.join(" ", irqchip, path, guest, Boolean.toString(raw), measure, vcpu, quantity);
    }

    private boolean parse(JsonParser json) throws IOException {
        boolean isBench = false;
        if (json.nextToken() != JsonToken.START_OBJECT) {
            return false;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            if (field.equals("kind")) {
                isBench = BenchJson.KIND.equals(json.getText());
            } else if (field.equals("rows") && isBench && json.currentToken() == JsonToken.START_ARRAY) {
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    parseRow(json);
                }
            } else {
                json.skipChildren();
            }
        }
        return isBench;
    }

    private void parseRow(JsonParser json) throws IOException {
        RowFields row = new RowFields();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            if (field.equals("nanos") && json.currentToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String quantity = json.currentName();
                    json.nextToken();
                    times.put(row.key(quantity), parseTimes(json));
                }
            } else if (json.currentToken().isScalarValue()) {
                row.values.put(field, json.getText());
            } else {
                json.skipChildren();
            }
        }
    }

    private static Times parseTimes(JsonParser json) throws IOException {
        long p50 = 0;
        long p99 = 0;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "p50" -> p50 = json.getLongValue();
                case "p99" -> p99 = json.getLongValue();
                default -> json.skipChildren();
            }
        }
        return new Times(p50, p99);
    }
}
