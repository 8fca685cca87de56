package dev.interject.cli.doctor;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

import dev.interject.cli.output.JunitOutput;
import dev.interject.experiment.doctor.HostCheck;
import dev.interject.experiment.doctor.HostFix;
import dev.interject.experiment.doctor.HostReport;

/**
 * The examination of the host as JUnit XML: one test case for each check. A bad check is a failure if a run needs it,
 * and skipped otherwise.
 */
public final class DoctorJunit {

    private final XMLStreamWriter xml;

    private DoctorJunit(XMLStreamWriter xml) {
        this.xml = xml;
    }

    /** Writes the whole document. */
    public static void write(HostReport report, OutputStream out) throws IOException {
        long failures = report.checks().stream().filter(HostCheck::prevents).count();
        long bad = report.checks().stream().filter(HostCheck::isBad).count();
        JunitOutput.Suite suite =
                new JunitOutput.Suite("interject doctor", report.checks().size(), failures, 0, bad - failures);
        JunitOutput.write(out, suite, xml -> {
            for (HostCheck check : report.checks()) {
                new DoctorJunit(xml).writeCase(check);
            }
        });
    }

    private void writeCase(HostCheck check) throws XMLStreamException {
        JunitOutput.startCase(xml, "interject.doctor." + check.area().name().toLowerCase(Locale.ROOT), check.name(), 0);
        if (check.prevents()) {
            xml.writeStartElement("failure");
            xml.writeAttribute("type", check.status().label());
            xml.writeAttribute("message", check.detail());
            xml.writeCharacters(check.fixes().stream().map(HostFix::oneLine).collect(Collectors.joining("\n")));
            xml.writeEndElement();
        } else if (check.isBad()) {
            xml.writeEmptyElement("skipped");
            xml.writeAttribute("message", check.detail());
        } else {
            xml.writeStartElement("system-out");
            xml.writeCharacters(check.detail());
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }
}
