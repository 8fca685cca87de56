package dev.interject.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;

import dev.interject.RequiresKvm;
import dev.interject.cli.output.Micros;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.run.RunObserver;
import dev.interject.experiment.timeline.HandlerRun;
import dev.interject.experiment.trace.TraceExperiment;
import dev.interject.experiment.trace.TraceReport;
import dev.interject.trace.HostEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A trace's picture: well-formed, told in words too, and legible. */
@RequiresKvm
@Timeout(120)
class TracePictureTest {

    /** As wide as a character of the picture's font is at most. */
    private static final double CHARACTER = 7.25;

    private static TraceReport trace(String options, int room) {
        return TraceExperiment.run(TraceOptions.plan(options), room, new Cancellation(), RunObserver.NONE);
    }

    private static Document picture(TraceReport report) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(TraceSvg.render(report).getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> elements(Document document, String name, String style) {
        NodeList found = document.getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .filter(element -> style.equals(element.getAttribute("class")))
                .toList();
    }

    private static List<String> words(Document document, String style) {
        return elements(document, "text", style).stream().map(Element::getTextContent).toList();
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--count 9", "--count 1", "--irqchip userspace --count 9", "--path nmi", "--path pit",
        "--irqchip userspace --guest busy", "--path ipi --vcpus 2 --to 1", "--guest slow --burst 8 --count 8",
        "--irqchip split --path line --trigger level", "--guest deaf --timeout 700ms --count 1", "--path vector"})
    void picture_isToldInWordsTooAndNoWordsHideOthers(String options) throws Exception {
        Document document = picture(trace(options, 100_000));
        Element svg = document.getDocumentElement();
        List<Element> words = elements(document, "text", "word");

        assertThat(svg.getAttribute("role")).isEqualTo("img");
        assertThat(svg.getAttribute("aria-labelledby")).isEqualTo("title desc");
        assertThat(document.getElementsByTagName("title").item(0).getTextContent()).isNotBlank();
        assertThat(document.getElementsByTagName("desc").item(0).getTextContent()).isNotBlank();
        assertThat(TraceSvg.render(trace(options, 100_000))).contains("prefers-color-scheme: dark");
        assertThat(words).allSatisfy(one -> {
            assertThat(number(one, "x")).isNotNegative();
            assertThat(right(one)).isLessThanOrEqualTo(number(svg, "width"));
            assertThat(number(one, "y")).isBetween(0.0, number(svg, "height"));
            assertThat(words).filteredOn(other -> other != one).noneMatch(other -> hides(one, other));
        });
    }

    private static double right(Element words) {
        return number(words, "x") + words.getTextContent().length() * CHARACTER;
    }

    private static boolean hides(Element one, Element other) {
        return Math.abs(number(one, "y") - number(other, "y")) < 12 && number(one, "x") < right(other)
                && number(other, "x") < right(one);
    }

    @Test
    void arrow_endsWhereTheHandlerBegins() throws Exception {
        Document document = picture(trace("--count 9", 100_000));
        Element handler = elements(document, "rect", "handler").getFirst();

        assertThat(words(document, "name")).containsExactly("host", "irqchip", "vCPU 0");
        assertThat(elements(document, "rect", "handler")).hasSize(1);
        assertThat(elements(document, "path", "arrow")).singleElement().satisfies(arrow -> {
            String[] numbers = arrow.getAttribute("d").substring(1).split("[C ]");
            assertThat(Double.parseDouble(numbers[6])).isEqualTo(number(handler, "x"));
        });
        assertThat(words(document, "word")).anyMatch(text -> text.startsWith("to its handler "))
                .contains("line 10 high: accepted", "handler 0x2a entered", "handler 0x2a left");
    }

    @Test
    void picture_isOfTheInterruptThatTookTheMedianTime() throws Exception {
        TraceReport report = trace("--count 9", 100_000);
        Map<Integer, HandlerRun> handlers = report.timeline().handlersByInterrupt();
        HostEvent.Injected middle = report.timeline()
                .injections()
                .stream()
                .sorted(Comparator.comparingLong(injected -> last(handlers.get(injected.index())) - injected.begin()))
                .toList()
                .get(4);

        assertThat(words(picture(report), "head")).containsExactly("Interrupt #%d: %s from the host to its handler"
                .formatted(middle.index() + 1,
                        Micros.withUnit(handlers.get(middle.index()).begin() - middle.begin())));
    }

    private static long last(HandlerRun handler) {
        return Math.max(handler.end().orElseThrow(), handler.heardAt().orElseThrow());
    }

    @Test
    void vcpusThatDoNothing_areLeftOut() throws Exception {
        assertThat(words(picture(trace("--vcpus 8 --to 5 --path msi", 100_000)), "name")).startsWith("host", "irqchip")
                .contains("vCPU 5");
    }

    @Test
    void interruptWithoutAHandler_isShownWithoutAnArrow() throws Exception {
        Document document = picture(trace("--guest deaf --timeout 700ms --count 1", 100_000));

        assertThat(words(document, "head")).containsExactly("Interrupt #1: no handler ran");
        assertThat(elements(document, "path", "arrow")).isEmpty();
    }

    @Test
    void runWithoutAnInterrupt_isAPictureThatSaysWhy() throws Exception {
        Document document = picture(trace("--path vector", 100_000));

        assertThat(words(document, "head")).containsExactly("No interrupt was handed over");
        assertThat(document.getElementsByTagName("desc").item(0).getTextContent()).contains("KVM_INTERRUPT");
    }
}
