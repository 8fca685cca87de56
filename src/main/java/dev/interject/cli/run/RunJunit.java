package dev.interject.cli.run;

import java.io.IOException;
import java.io.OutputStream;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

import dev.interject.cli.output.JunitOutput;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.run.InterruptLog;
import dev.interject.experiment.run.RunReport;

/** A run's report as JUnit XML: one test case an interrupt, and one for the ledger, which fails if the run did. */
public final class RunJunit {

    private final RunReport report;
    private final XMLStreamWriter xml;

    private RunJunit(RunReport report, XMLStreamWriter xml) {
        this.report = report;
        this.xml = xml;
    }

    public static void write(RunReport report, OutputStream out) throws IOException {
        JunitOutput.write(out, suite(report), xml -> {
            RunJunit cases = new RunJunit(report, xml);
            for (int i = 0; i < report.plan().count(); i++) {
                cases.writeInterrupt(i);
            }
            cases.writeLedger();
        });
    }

    private static JunitOutput.Suite suite(RunReport report) {
        InterruptLog log = report.interrupts();
        int notTaken = 0;
        for (int i = 0; i < log.size(); i++) {
            notTaken += log.isTaken(i) ? 0 : 1;
        }
        boolean unable = report.outcome() == Outcome.HOST_UNABLE;
        boolean untriedIsBad = unable || report.outcome() == Outcome.REFUSED;
        int untried = report.plan().count() - log.size();
        int ledger = report.outcome() == Outcome.TAKEN ? 0 : 1;
        int bad = notTaken + ledger + (untriedIsBad ? untried : 0);
        return new JunitOutput.Suite("interject run", report.plan().count() + 1L, unable ? 0 : bad, unable ? bad : 0,
                untriedIsBad ? 0 : untried);
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
        JunitOutput.startCase(xml,
                "interject.%s.%s.%s".formatted(report.plan().effectiveGuest(), report.irqchip(), report.path()), name,
                nanos);
    }

    private void writeProblem() throws XMLStreamException {
        xml.writeEmptyElement(report.outcome() == Outcome.HOST_UNABLE ? "error" : "failure");
        xml.writeAttribute("type", report.outcome().label());
        xml.writeAttribute("message", report.reason().orElse(report.outcome().label()));
    }
}
