package dev.interject.cli.compare;

import java.io.IOException;
import java.io.OutputStream;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

import dev.interject.cli.output.JunitOutput;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.compare.CompareCase;
import dev.interject.experiment.compare.Comparison;
import dev.interject.experiment.compare.Comparison.Row;
import dev.interject.experiment.run.RunReport;

/** A comparison as JUnit XML: one test case a way; one that this host does not have is skipped. */
public final class CompareJunit {

    private CompareJunit() {}

    public static void write(Comparison comparison, OutputStream out) throws IOException {
        long failures = comparison.rows().stream().filter(CompareJunit::isFailure).count();
        long skipped = comparison.rows().stream().filter(Row.Unsupported.class::isInstance).count();
        JunitOutput.Suite suite =
                new JunitOutput.Suite("interject compare", comparison.rows().size(), failures, 0, skipped);
        JunitOutput.write(out, suite, xml -> {
            for (Row row : comparison.rows()) {
                write(row, xml);
            }
        });
    }

    private static boolean isFailure(Row row) {
        return row instanceof Row.Ran ran && ran.report().outcome() != Outcome.TAKEN;
    }

    private static void write(Row row, XMLStreamWriter xml) throws XMLStreamException {
        CompareCase contender = row.contender();
        String vector = contender.vector().isPresent() ? " 0x%02x".formatted(contender.vector().getAsInt()) : "";
        String vcpu = contender.vcpus() > 1 ? ", vCPU " + (contender.vcpus() - 1) : "";
        JunitOutput.startCase(xml, "interject.compare." + contender.irqchip(), "%s%s, %s, guest %s%s".formatted(
                contender.path(), vector, contender.trigger(), contender.guest(), vcpu), nanos(row));
        switch (row) {
            case Row.Ran ran -> writeProblem(ran.report(), xml);
            case Row.Unsupported missing -> {
                xml.writeEmptyElement("skipped");
                xml.writeAttribute("message", missing.reason());
            }
        }
        xml.writeEndElement();
    }

    /** From injection to the handler's word, of all interrupts together. */
    private static long nanos(Row row) {
        return switch (row) {
            case Row.Ran ran -> ran.report().interrupts().totalLatency();
            case Row.Unsupported _ -> 0;
        };
    }

    private static void writeProblem(RunReport report, XMLStreamWriter xml) throws XMLStreamException {
        if (report.outcome() != Outcome.TAKEN) {
            xml.writeEmptyElement("failure");
            xml.writeAttribute("type", report.outcome().label());
            xml.writeAttribute("message", report.reason().orElse(report.outcome().label()));
        }
    }
}
