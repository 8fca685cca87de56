package dev.interject.cli.compare;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

import dev.interject.cli.output.JunitOutput;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.experiment.compare.Comparison;
import dev.interject.experiment.compare.Comparison.Row;
import dev.interject.interrupt.route.RouteCase;

/**
 * A comparison as JUnit XML: one test case for each path, which is skipped if the host does not support it. If the
 * comparison failed though no path did, such as when none is supported, a last case says so.
 */
public final class CompareJunit {

    private CompareJunit() {}

    public static void write(Comparison comparison, OutputStream out) throws IOException {
        List<Row> rows = comparison.rows();
        long failures = rows.stream().filter(CompareJunit::isFailure).count();
        long errors = rows.stream().filter(CompareJunit::isError).count();
        long skipped = rows.stream().filter(Row.Unsupported.class::isInstance).count();
        boolean own = comparison.outcome() != Outcome.TAKEN && failures + errors == 0;
        JunitOutput.Suite suite = new JunitOutput.Suite("interject compare", rows.size() + (own ? 1 : 0), failures,
                errors + (own ? 1 : 0), skipped);
        JunitOutput.write(out, suite, xml -> {
            for (Row row : rows) {
                write(row, xml);
            }
            if (own) {
                JunitOutput.startCase(xml, "interject.compare", "comparison", 0);
                writeProblem("error", comparison, xml);
                xml.writeEndElement();
            }
        });
    }

    private static boolean isFailure(Row row) {
        return row instanceof Row.Ran ran && ran.report().outcome() != Outcome.TAKEN && !isError(row);
    }

    /** The host's fault, not the path's. */
    private static boolean isError(Row row) {
        return row instanceof Row.HostFailed
                || row instanceof Row.Ran ran && ran.report().outcome() == Outcome.HOST_UNABLE;
    }

    private static void write(Row row, XMLStreamWriter xml) throws XMLStreamException {
        RouteCase contender = row.contender();
        String vector = contender.vector().isPresent() ? " 0x%02x".formatted(contender.vector().getAsInt()) : "";
        String vcpu = contender.vcpus() > 1 ? ", vCPU " + (contender.vcpus() - 1) : "";
        JunitOutput.startCase(xml, "interject.compare." + contender.irqchip(), "%s%s, %s, guest %s%s".formatted(
                contender.route(), vector, contender.trigger(), contender.guest(), vcpu), nanos(row));
        switch (row) {
            case Row.Ran ran -> {
                if (ran.report().outcome() != Outcome.TAKEN) {
                    writeProblem(isError(row) ? "error" : "failure", ran.report(), xml);
                }
            }
            case Row.Unsupported missing -> {
                xml.writeEmptyElement("skipped");
                xml.writeAttribute("message", missing.reason());
            }
            case Row.HostFailed failed -> writeProblem("error", Outcome.HOST_UNABLE, failed.reason(), xml);
        }
        xml.writeEndElement();
    }

    /** From injection to acknowledgement, of all interrupts together. */
    private static long nanos(Row row) {
        return row instanceof Row.Ran ran ? ran.report().interrupts().totalLatency() : 0;
    }

    private static void writeProblem(String element, Report report, XMLStreamWriter xml) throws XMLStreamException {
        writeProblem(element, report.outcome(), report.reason().orElse(report.outcome().label()), xml);
    }

    private static void writeProblem(String element, Outcome outcome, String reason, XMLStreamWriter xml)
            throws XMLStreamException {
        xml.writeEmptyElement(element);
        xml.writeAttribute("type", outcome.label());
        xml.writeAttribute("message", reason);
    }
}
