package dev.interject.cli.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import dev.interject.cli.svg.Colour;
import dev.interject.cli.svg.SvgPage;

/**
 * One lane of a picture: bars in one row or two, and above them a label for each event, in chronological order from top
 * to bottom. Events that lie close together share a label, which says how many they are.
 */
final class TraceLane {

    private static final int MOST_LABEL_ROWS = 12;
    private static final int ROW_HEIGHT = 16;
    private static final int BAR_HEIGHT = 14;
    private static final int LOWER_OFFSET = 26;
    /** From a lower row's top up to where an arrow turns. */
    private static final int TURN = 7;
    private static final int LABEL_GAP = 10;
    private static final int LANE_GAP = 10;
    private static final double CLOSE = 24;
    private static final double DOT_DISTANCE = 4;

    private record Bar(long begin, long end, Colour colour, boolean lower) {}

    private record Mark(long nanos, String words, OptionalInt number, Colour colour, boolean lower) {

        String text() {
            return number.isPresent() ? "%s #%d".formatted(words, number.getAsInt()) : words;
        }
    }

    /** Marks that share a label. */
    private record Group(List<Mark> marks) {

        Mark first() {
            return marks.getFirst();
        }

        String text() {
            int count = marks.size();
            if (count == 1) {
                return first().text();
            }
            if (marks.stream().anyMatch(mark -> !mark.words().equals(first().words()))) {
                return "%s, and %,d more".formatted(first().text(), count - 1);
            }
            if (first().number().isEmpty()) {
                return "%s (%,d times)".formatted(first().words(), count);
            }
            int least = marks.stream().mapToInt(mark -> mark.number().orElseThrow()).min().orElseThrow();
            int most = marks.stream().mapToInt(mark -> mark.number().orElseThrow()).max().orElseThrow();
            return "%s #%d to #%d (%,d)".formatted(first().words(), least, most, count);
        }
    }

    /** @param row 0 is next to the bars */
    private record Label(Group group, double x, int row) {}

    private final String name;
    private final Colour colour;
    private final List<Bar> bars = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private boolean twoRows;
    private double barTop;

    /** @param colour of its marks */
    TraceLane(String name, Colour colour) {
        this.name = name;
        this.colour = colour;
    }

    void bar(long begin, long end, Colour barColour) {
        bars.add(new Bar(begin, end, barColour, false));
    }

    void mark(long nanos, String words) {
        marks.add(new Mark(nanos, words, OptionalInt.empty(), colour, false));
    }

    /** A mark of a numbered interrupt. */
    void mark(long nanos, String words, int number) {
        marks.add(new Mark(nanos, words, OptionalInt.of(number), colour, false));
    }

    void handlerBar(long begin, long end, Colour barColour) {
        twoRows = true;
        bars.add(new Bar(begin, end, barColour, true));
    }

    void handlerMark(long nanos, String words, Colour markColour) {
        twoRows = true;
        marks.add(new Mark(nanos, words, OptionalInt.empty(), markColour, true));
    }

    boolean isEmpty() {
        return bars.isEmpty() && marks.isEmpty();
    }

    /** The y at which an arrow leaves the upper row. */
    double arrowStart() {
        return barTop + BAR_HEIGHT;
    }

    /** The y at which an arrow to the lower row turns. */
    double arrowTurn() {
        return arrowTip() - TURN;
    }

    /** The y of the lower row. */
    double arrowTip() {
        return barTop + LOWER_OFFSET;
    }

    /**
     * Draws the lane below {@code top}.
     *
     * @return the y below it
     */
    double draw(SvgPage page, TimeScale scale, double top) {
        List<Label> labels = labels(scale);
        int rows = labels.stream().mapToInt(label -> label.row() + 1).max().orElse(0);
        barTop = top + LANE_GAP + rows * ROW_HEIGHT;
        double bottom = barTop + (twoRows ? LOWER_OFFSET : 0) + BAR_HEIGHT;
        page.panel(TimeScale.LEFT, barTop - 3, TimeScale.RIGHT - TimeScale.LEFT, bottom - barTop + 6);
        page.text(SvgPage.MARGIN, barTop + 11, name, SvgPage.Font.BOLD);
        if (twoRows) {
            page.text(SvgPage.MARGIN, barTop + LOWER_OFFSET + 11, "handlers", SvgPage.Font.DIM);
        }
        drawBars(page, scale);
        for (Label label : labels) {
            Mark first = label.group().first();
            page.label(first.colour(), label.x(), middle(first), barTop - 8 - label.row() * ROW_HEIGHT,
                    label.group().text());
        }
        drawDots(page, scale);
        return bottom + LANE_GAP;
    }

    private double middle(Mark mark) {
        return barTop + (mark.lower() ? LOWER_OFFSET : 0) + BAR_HEIGHT / 2.0;
    }

    /** Bars of one colour that touch become one. */
    private void drawBars(SvgPage page, TimeScale scale) {
        Map<List<Object>, double[]> open = new HashMap<>();
        bars.sort(Comparator.comparingLong(Bar::begin));
        for (Bar bar : bars) {
            double left = scale.x(bar.begin());
            double right = scale.x(bar.end());
            double[] before = open.get(List.of(bar.colour(), bar.lower()));
            if (before != null && left - before[1] < 0.5) {
                before[1] = Math.max(before[1], right);
            } else {
                if (before != null) {
                    drawBar(page, bar.colour(), bar.lower(), before);
                }
                open.put(List.of(bar.colour(), bar.lower()), new double[]{left, right});
            }
        }
        open.forEach((key, extent) -> drawBar(page, (Colour) key.get(0), (boolean) key.get(1), extent));
    }

    private void drawBar(SvgPage page, Colour barColour, boolean lower, double[] extent) {
        page.bar(barColour, extent[0], barTop + (lower ? LOWER_OFFSET : 0), extent[1] - extent[0], BAR_HEIGHT);
    }

    private void drawDots(SvgPage page, TimeScale scale) {
        double[] last = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (Mark mark : inOrder()) {
            double x = scale.x(mark.nanos());
            int row = mark.lower() ? 1 : 0;
            if (x - last[row] >= DOT_DISTANCE) {
                page.dot(mark.colour(), x, middle(mark));
                last[row] = x;
            }
        }
    }

    private List<Mark> inOrder() {
        return marks.stream().sorted(Comparator.comparingLong(Mark::nanos)).toList();
    }

    /** Puts marks into ever larger groups, first only those with the same text, until the labels fit into the rows. */
    private List<Label> labels(TimeScale scale) {
        for (boolean mixed : new boolean[]{false, true}) {
            for (double distance = CLOSE; distance < 2 * TimeScale.RIGHT; distance *= 2) {
                List<Label> labels = placed(groups(scale, distance, mixed), scale);
                if (labels.stream().allMatch(label -> label.row() < MOST_LABEL_ROWS)) {
                    return labels;
                }
            }
        }
        throw new IllegalStateException("one group per row of bars always fits");
    }

    private List<Group> groups(TimeScale scale, double distance, boolean mixed) {
        List<Group> groups = new ArrayList<>();
        Map<List<Object>, Group> open = new HashMap<>();
        for (Mark mark : inOrder()) {
            List<Object> key = mixed ? List.of(mark.lower()) : List.of(mark.lower(), mark.words(), mark.colour());
            Group before = open.get(key);
            if (before != null && scale.x(mark.nanos()) - scale.x(before.marks().getLast().nanos()) <= distance) {
                before.marks().add(mark);
            } else {
                Group group = new Group(new ArrayList<>(List.of(mark)));
                groups.add(group);
                open.put(key, group);
            }
        }
        return groups;
    }

    /**
     * Places labels from the right to the left, each in the row next to the bars that is free. A label bars the rows
     * below it to those further left, so that the line from its dot crosses no text.
     */
    private static List<Label> placed(List<Group> groups, TimeScale scale) {
        List<Label> labels = new ArrayList<>();
        List<Double> freeUpTo = new ArrayList<>();
        for (Group group : groups.reversed()) {
            double x = scale.x(group.first().nanos());
            double end = x + SvgPage.widthOf(group.text()) + LABEL_GAP;
            int row = 0;
            while (row < freeUpTo.size() && end > freeUpTo.get(row)) {
                row++;
            }
            if (row == freeUpTo.size()) {
                freeUpTo.add(x);
            }
            for (int below = 0; below <= row; below++) {
                freeUpTo.set(below, x);
            }
            labels.add(new Label(group, x, row));
        }
        return labels;
    }
}
