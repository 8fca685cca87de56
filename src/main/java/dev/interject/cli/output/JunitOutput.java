package dev.interject.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes one JUnit XML document with one test suite. */
public final class JunitOutput {

    private static final double NANOS_PER_SECOND = 1e9;

    private JunitOutput() {}

    /** Something that writes the test cases of a suite. */
    @FunctionalInterface
    public interface Cases {
        void writeTo(XMLStreamWriter xml) throws XMLStreamException;
    }

    /**
     * The name and counts of a suite.
     *
     * @param tests number of cases, including those that failed, had an error or were skipped
     */
    public record Suite(String name, long tests, long failures, long errors, long skipped) {}

    /**
     * Begins a case.
     *
     * @param className the group in which readers list it, with dots between the levels
     * @param nanos     its duration; 0 if it was not measured, since the schema requires a time
     */
    public static void startCase(XMLStreamWriter xml, String className, String name, long nanos)
            throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", className);
        xml.writeAttribute("name", name);
        xml.writeAttribute("time", String.format(Locale.US, "%.6f", nanos / NANOS_PER_SECOND));
    }

    public static void write(OutputStream out, Suite suite, Cases cases) throws IOException {
        try {
            XMLStreamWriter xml =
                    XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, StandardCharsets.UTF_8.name());
            xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
            xml.writeStartElement("testsuites");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", suite.name());
            xml.writeAttribute("tests", Long.toString(suite.tests()));
            xml.writeAttribute("failures", Long.toString(suite.failures()));
            xml.writeAttribute("errors", Long.toString(suite.errors()));
            xml.writeAttribute("skipped", Long.toString(suite.skipped()));
            cases.writeTo(xml);
            xml.writeEndElement();
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException failed) {
            if (failed.getNestedException() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(failed);
        }
        out.write('\n');
    }
}
