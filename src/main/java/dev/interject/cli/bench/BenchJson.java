package dev.interject.cli.bench;

import java.io.IOException;
import java.io.OutputStream;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.experiment.bench.BenchReport;
import dev.interject.experiment.bench.BenchReport.BesideC;
import dev.interject.experiment.bench.BenchReport.Figure;
import dev.interject.experiment.bench.BenchReport.Row;
import dev.interject.experiment.bench.Distribution;
import dev.interject.experiment.bench.Ratio;
import dev.interject.experiment.bench.Subject;
import dev.interject.experiment.bench.VmsReport;

/** A benchmark as one JSON object; {@link BenchBaseline} reads it. */
final class BenchJson {

    /** Tells this object from that of another command. */
    static final String KIND = "interject bench";

    private BenchJson() {}

    static void write(BenchReport report, OutputStream out) throws IOException {
        JsonOutput.writeObject(out, json -> {
            json.writeStringField("kind", KIND);
            json.writeStringField("outcome", report.outcome().label());
            json.writeNumberField("count", report.plan().count());
            json.writeNumberField("rounds", report.plan().rounds());
            json.writeStringField("java", Runtime.version().toString());
            json.writeStringField("kernel", System.getProperty("os.version"));
            JsonOutput.writeObjects(json, "rows", report.rows(), BenchJson::write);
        });
    }

    private static void write(Row row, JsonGenerator json) throws IOException {
        Subject subject = row.subject();
        json.writeStringField("irqchip", subject.path().routeCase().irqchip().label());
        json.writeStringField("path", subject.path().routeCase().route().label());
        json.writeStringField("guest", subject.path().guest().halted());
        json.writeBooleanField("raw", subject.path().routeCase().vector().isPresent());
        json.writeStringField("measure", subject.measure().label());
        json.writeStringField("vcpu", subject.load().label());
        switch (row) {
            case Row.Measured measured -> {
                json.writeStringField("outcome", "measured");
                JsonOutput.writeNumber(json, "bytesByInjectingThread", measured.injecting());
                JsonOutput.writeNumber(json, "bytesByVcpuThread", measured.vcpu());
                json.writeObjectFieldStart("nanos");
                for (Figure figure : measured.figures()) {
                    write(figure, json);
                }
                json.writeEndObject();
            }
            case Row.Unsupported missing -> {
                json.writeStringField("outcome", "unsupported");
                json.writeStringField("reason", missing.reason());
            }
            case Row.Failed failed -> {
                json.writeStringField("outcome", failed.outcome().label());
                json.writeStringField("reason", failed.reason());
            }
        }
    }

    private static void write(Figure figure, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(figure.quantity().label());
        writeTimes(figure.times(), json);
        json.writeObjectFieldStart("warmUp");
        writeTimes(figure.warmUp(), json);
        json.writeEndObject();
        JsonOutput.writeObjects(json, "histogram", figure.times().bars(), (bar, _) -> {
            json.writeNumberField("from", bar.from());
            json.writeNumberField("to", bar.to());
            json.writeNumberField("count", bar.count());
        });
        if (figure.besideC().isPresent()) {
            BesideC c = figure.besideC().get();
            json.writeObjectFieldStart("c");
            writeTimes(c.times(), json);
            write("p50Ratio", c.median(), json);
            write("p99Ratio", c.p99(), json);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void writeTimes(Distribution times, JsonGenerator json) throws IOException {
        json.writeNumberField("count", times.count());
        json.writeNumberField("min", times.min());
        json.writeNumberField("p50", times.at(50));
        json.writeNumberField("p90", times.at(90));
        json.writeNumberField("p99", times.at(99));
        json.writeNumberField("p99.9", times.at(99.9));
        json.writeNumberField("max", times.max());
        json.writeNumberField("mean", times.mean());
    }

    private static void write(String field, Ratio ratio, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeNumberField("median", ratio.median());
        json.writeNumberField("lowerQuartile", ratio.lowerQuartile());
        json.writeNumberField("upperQuartile", ratio.upperQuartile());
        json.writeEndObject();
    }

    static void write(VmsReport report, OutputStream out) throws IOException {
        JsonOutput.writeObject(out, json -> {
            json.writeStringField("kind", KIND + " --vms");
            json.writeStringField("outcome", report.outcome().label());
            JsonOutput.writeObjects(json, "rows", report.rows(), (row, _) -> {
                json.writeNumberField("vms", row.vms());
                json.writeNumberField("nanosEach", row.nanosEach());
                json.writeNumberField("togetherNanos", row.togetherNanos());
                json.writeNumberField("bytesEach", row.bytesEach());
                json.writeNumberField("kernelBytesEach", row.kernelBytesEach());
            });
        });
    }
}
