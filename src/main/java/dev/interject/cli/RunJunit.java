package dev.interject.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

import dev.interject.experiment.InterruptLog;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.RunReport;

/** A run's report as JUnit XML: one test case an interrupt, and one for the ledger, which fails if the run did. */
final class RunJunit {

    private static final double NANOS_PER_SECOND = 1e9;

    private final RunReport report;
    private final XMLStreamWriter xml;

    private RunJunit(RunReport report, XMLStreamWriter xml) {
        this.report = report;
        this.xml = xml;
    }

    static void write(RunReport report, OutputStream out) throws IOException {
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory()
                    .createXMLStreamWriter(out,
                            StandardCharsets.UTF_8.name());
            new RunJunit(report, xml).write();
            xml.close();
        } catch (XMLStreamException failed) {
            if (failed.getNestedException() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(failed);
        }
        out.write('\n');
    }

    private void write() throws XMLStreamException {
        InterruptLog log = report.interrupts();
        int taken = 0;
        long nanos = 0;
        for (int i = 0; i < log.size(); i++) {
            if (log.isTaken(i)) {
                taken++;
                nanos += log.latency(i);
            }
        }
        boolean unable = report.outcome() == Outcome.HOST_UNABLE;
        boolean refused = report.outcome() == Outcome.REFUSED;
        int untried = report.plan().count() - log.size();
        int bad = log.size() - taken + (refused || unable ? untried : 0) + (report.outcome() == Outcome.TAKEN ? 0 : 1);
        xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
        xml.writeStartElement("testsuites");
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", "interject run");
        xml.writeAttribute("tests", Integer.toString(report.plan().count() + 1));
        xml.writeAttribute("failures", Integer.toString(unable ? 0 : bad));
        xml.writeAttribute("errors", Integer.toString(unable ? bad : 0));
        xml.writeAttribute("skipped", Integer.toString(refused || unable ? 0 : untried));
        xml.writeAttribute("time", seconds(nanos));
        for (int i = 0; i < report.plan().count(); i++) {
            writeInterrupt(i);
        }
        writeLedger();
        xml.writeEndElement();
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private void writeInterrupt(int index) throws XMLStreamException {
        InterruptLog log = report.interrupts();
        boolean tried = index < log.size();
        boolean taken = tried && log.isTaken(index);
        startCase("interrupt " + (index + 1), taken ? log.latency(index) : 0);
        if (!tried && report.outcome() != Outcome.REFUSED && report.outcome() != Outcome.HOST_UNABLE) {
            xml.writeEmptyElement("skipped");
            xml.writeAttribute("message", "not tried");
        } else if (!taken) {
            writeProblem();
        }
        xml.writeEndElement();
    }

    private void writeLedger() throws XMLStreamException {
        startCase("ledger", 0);
        if (report.outcome() != Outcome.TAKEN) {
            writeProblem();
        }
        xml.writeEndElement();
    }

    private void startCase(String name, long nanos) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname",
                "interject.%s.%s.%s".formatted(report.plan().guest(), report.irqchip(), report.path()));
        xml.writeAttribute("name", name);
        xml.writeAttribute("time", seconds(nanos));
    }

    private void writeProblem() throws XMLStreamException {
        xml.writeEmptyElement(report.outcome() == Outcome.HOST_UNABLE ? "error" : "failure");
        xml.writeAttribute("type", report.outcome().word());
        xml.writeAttribute("message", report.reason().orElse(report.outcome().word()));
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.6f", nanos / NANOS_PER_SECOND);
    }
}
