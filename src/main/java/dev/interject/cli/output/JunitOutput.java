package dev.interject.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes one JUnit XML document with one test suite. */
public final class JunitOutput {

    private static final double NANOS_PER_SECOND = 1e9;

    private JunitOutput() {}

    /**
     * A test case.
     *
     * @param className the group in which readers list it, with dots between the levels
     * @param nanos     its duration; 0 if it was not measured, since the schema requires a time
     */
    public record Case(String className, String name, long nanos, Result result) {}

    /** The result of a test case. */
    public sealed interface Result {

        /** It passed without a remark. */
        Result PASSED = new Passed("");

        /** @param output what it printed; may be empty */
        record Passed(String output) implements Result {}

        /** It did not run. */
        record Skipped(String message) implements Result {}

        /**
         * It failed.
         *
         * @param details lines below the message; may be empty
         */
        record Failed(String type, String message, String details) implements Result {}

        /** It could not run, for a reason outside of what it tests. */
        record Errored(String type, String message) implements Result {}
    }

    /**
     * Writes a suite.
     *
     * @param cases gives its cases, in order; called twice: to count and to write
     */
    public static void write(OutputStream out, String suite, Supplier<Stream<Case>> cases) throws IOException {
        try {
            XMLStreamWriter xml =
                    XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, StandardCharsets.UTF_8.name());
            xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
            xml.writeStartElement("testsuites");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", suite);
            xml.writeAttribute("tests", Long.toString(cases.get().count()));
            xml.writeAttribute("failures", count(cases, Result.Failed.class));
            xml.writeAttribute("errors", count(cases, Result.Errored.class));
            xml.writeAttribute("skipped", count(cases, Result.Skipped.class));
            for (Case each : (Iterable<Case>) cases.get()::iterator) {
                write(each, xml);
            }
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

    private static String count(Supplier<Stream<Case>> cases, Class<? extends Result> kind) {
        return Long.toString(cases.get().map(Case::result).filter(kind::isInstance).count());
    }

    private static void write(Case each, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", PlainText.forXml(each.className()));
        xml.writeAttribute("name", PlainText.forXml(each.name()));
        xml.writeAttribute("time", String.format(Locale.US, "%.6f", each.nanos() / NANOS_PER_SECOND));
        switch (each.result()) {
            case Result.Passed(String output) when output.isEmpty() -> {
                // no element
            }
            case Result.Passed(String output) -> {
                xml.writeStartElement("system-out");
                xml.writeCharacters(PlainText.forXml(output));
                xml.writeEndElement();
            }
            case Result.Skipped(String message) -> {
                xml.writeEmptyElement("skipped");
                xml.writeAttribute("message", PlainText.forXml(message));
            }
            case Result.Failed(String type, String message, String details) ->
                writeProblem("failure", type, message, details, xml);
            case Result.Errored(String type, String message) -> writeProblem("error", type, message, "", xml);
        }
        xml.writeEndElement();
    }

    private static void writeProblem(String element, String type, String message, String details, XMLStreamWriter xml)
            throws XMLStreamException {
        xml.writeStartElement(element);
        xml.writeAttribute("type", PlainText.forXml(type));
        xml.writeAttribute("message", PlainText.forXml(message));
        xml.writeCharacters(PlainText.forXml(details));
        xml.writeEndElement();
    }
}
