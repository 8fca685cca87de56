package dev.interject.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** One JUnit XML document with one test suite, and nothing else. */
public final class JunitOutput {

    private static final double NANOS_PER_SECOND = 1e9;

    private JunitOutput() {}

    /** Something that writes the test cases of a suite. */
    @FunctionalInterface
    public interface Cases {
        void writeTo(XMLStreamWriter xml) throws XMLStreamException;
    }

    /**
     * What the suite's element says of its cases.
     *
     * @param tests how many cases there are, those that failed, had an error or were skipped among them
     */
    public record Suite(String name, long tests, long failures, long errors, long skipped) {}

    /**
     * Begins a case.
     *
     * @param className what it is listed under, with dots between the levels
     * @param nanos     how long it took; 0 where nobody measured it, since readers want a time of every case
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
