package dev.interject.cli.svg;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;

import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A picture in SVG, parsed, with the places of its texts and lines. */
public final class Picture {

    private static final Set<String> COLOURS = Set.of("blue", "amber", "grey", "green", "purple", "red");
    private static final Pattern STEP = Pattern.compile("([MHVvl])(-?[0-9.]+)(?: (-?[0-9.]+))?");
    private static final double HALF_A_STROKE = 0.75;

    /** A text and the room it takes. */
    public record Text(String words, double left, double top, double right, double bottom) {

        boolean overlaps(Text other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }

        boolean isCrossedBy(Segment line) {
            return line.left() - HALF_A_STROKE < right && left < line.right() + HALF_A_STROKE
                    && line.top() - HALF_A_STROKE < bottom && top < line.bottom() + HALF_A_STROKE;
        }
    }

    /** A horizontal or vertical line. */
    public record Segment(double left, double top, double right, double bottom) {

        static Segment between(double x1, double y1, double x2, double y2) {
            return new Segment(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2));
        }
    }

    private final String svg;
    private final Document document;

    public Picture(String svg) throws Exception {
        this.svg = svg;
        this.document = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    /** Fails unless no text overlaps another, is cut off at the edge, or is crossed by a line. */
    public void assertLegible() {
        Element root = document.getDocumentElement();
        List<Text> texts = texts().toList();
        List<Segment> lines = lines();

        assertThat(root.getAttribute("role")).isEqualTo("img");
        assertThat(root.getAttribute("aria-labelledby")).isEqualTo("title desc");
        assertThat(content("title")).isNotBlank();
        assertThat(content("desc")).isNotBlank();
        assertThat(svg).contains("prefers-color-scheme: dark");
        assertThat(elements("rect", "background")).hasSize(1);
        assertThat(texts).allSatisfy(text -> {
            assertThat(text.left()).isNotNegative();
            assertThat(text.right()).isLessThanOrEqualTo(number(root, "width"));
            assertThat(text.top()).isNotNegative();
            assertThat(text.bottom()).isLessThanOrEqualTo(number(root, "height"));
            assertThat(texts).filteredOn(other -> other != text).noneMatch(text::overlaps);
            assertThat(lines).noneMatch(text::isCrossedBy);
        });
    }

    /** The colours of all shapes above a height, or of all below it. */
    public Set<String> colours(double y, boolean above) {
        Set<String> colours = new TreeSet<>();
        for (String name : List.of("rect", "line", "circle", "path")) {
            for (Element element : elements(name, "")) {
                classes(element).filter(COLOURS::contains).filter(_ -> top(element) < y == above).forEach(colours::add);
            }
        }
        return colours;
    }

    private static double top(Element shape) {
        for (String attribute : List.of("y", "y1", "cy")) {
            if (shape.hasAttribute(attribute)) {
                return number(shape, attribute);
            }
        }
        return Double.parseDouble(shape.getAttribute("d").split("[ vVl]")[1]);
    }

    /** All texts. */
    public Stream<Text> texts() {
        return elements("text", "").stream().map(element -> {
            String words = element.getTextContent();
            double width = words.length() * (element.getAttribute("class").equals("title") ? 10.3 : 7.25);
            double x = number(element, "x");
            double y = number(element, "y");
            return new Text(words, x, y - 10, x + width, y + 3);
        });
    }

    /** The texts of a font. */
    public List<String> words(String font) {
        return elements("text", font).stream().map(Element::getTextContent).toList();
    }

    /** The texts at the ends of a colour's thin lines. */
    public List<String> labels(String colour) {
        return elements("line", colour).stream()
                .filter(line -> classes(line).anyMatch("lead"::equals))
                .map(line -> texts()
                        .filter(text -> Math.abs(text.left() - number(line, "x1") - 4) < 0.11
                                && Math.abs(text.top() - number(line, "y2") + 1) < 0.11)
                        .findFirst()
                        .orElseThrow()
                        .words())
                .toList();
    }

    /** The lines that lead from dots to labels, arrows and measures; not the grid. */
    private List<Segment> lines() {
        List<Segment> lines = new ArrayList<>();
        for (Element line : elements("line", "lead")) {
            lines.add(Segment.between(number(line, "x1"), number(line, "y1"), number(line, "x2"), number(line, "y2")));
        }
        for (Element path : elements("path", "line")) {
            lines.addAll(segments(path));
        }
        return lines;
    }

    /** The segments of a path of horizontal and vertical lines. */
    public static List<Segment> segments(Element path) {
        List<Segment> segments = new ArrayList<>();
        double x = 0;
        double y = 0;
        Matcher step = STEP.matcher(path.getAttribute("d"));
        while (step.find()) {
            double first = Double.parseDouble(step.group(2));
            double nextX = switch (step.group(1)) {
                case "M", "H" -> first;
                default -> x;
            };
            double nextY = switch (step.group(1)) {
                case "M" -> Double.parseDouble(step.group(3));
                case "V" -> first;
                case "v" -> y + first;
                default -> y;
            };
            if (!step.group(1).equals("M")) {
                segments.add(Segment.between(x, y, nextX, nextY));
            }
            x = nextX;
            y = nextY;
        }
        return segments;
    }

    /** The elements of a name that have a class; an empty one stands for any. */
    public List<Element> elements(String name, String style) {
        NodeList found = document.getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .filter(element -> style.isEmpty() || classes(element).anyMatch(style::equals))
                .toList();
    }

    private static Stream<String> classes(Element element) {
        return Arrays.stream(element.getAttribute("class").split(" "));
    }

    /** The text of the first element of a name. */
    public String content(String name) {
        return document.getElementsByTagName(name).item(0).getTextContent();
    }

    /** An attribute's value. */
    public static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
