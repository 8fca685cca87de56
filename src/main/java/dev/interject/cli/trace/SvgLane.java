package dev.interject.cli.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One lane of a picture: bars for what takes time, in one row or two, and below them a word for each moment, in as many
 * rows as it takes for none to hide another.
 */
public final class SvgLane {

    private static final int BAR_HEIGHT = 14;
    private static final int LOWER_OFFSET = 18;
    private static final int ROW_HEIGHT = 17;
    private static final int GAP = 14;
    private static final int LABEL_GAP = 10;

    private record Bar(long begin, long end, String style, boolean lower) {}

    private record Mark(long nanos, String words, boolean lower) {}

    private final String name;
    private final String style;
    private final List<Bar> bars = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private boolean twoRows;
    private double top;

    /** @param style of its marks */
    public SvgLane(String name, String style) {
        this.name = name;
        this.style = style;
    }

    public void bar(long begin, long end, String barStyle) {
        bars.add(new Bar(begin, end, barStyle, false));
    }

    public void lowerBar(long begin, long end, String barStyle) {
        twoRows = true;
        bars.add(new Bar(begin, end, barStyle, true));
    }

    public void mark(long nanos, String words) {
        marks.add(new Mark(nanos, words, false));
    }

    public void lowerMark(long nanos, String words) {
        twoRows = true;
        marks.add(new Mark(nanos, words, true));
    }

    public boolean isEmpty() {
        return bars.isEmpty() && marks.isEmpty();
    }

    public double bottomOfBar() {
        return top + BAR_HEIGHT;
    }

    public double topOfLowerBar() {
        return top + LOWER_OFFSET;
    }

    /**
     * Labels are set from the right to the left, each in the highest row that is free. So the line from a moment down
     * to its words passes no other words: those above begin further to the right.
     */
    public void draw(SvgPage page) {
        top = page.bottom() + GAP;
        double barsEnd = top + (twoRows ? LOWER_OFFSET : 0) + BAR_HEIGHT;
        page.lane(name, top, barsEnd);
        if (twoRows) {
            page.lowerName("handlers", top + LOWER_OFFSET);
        }
        for (Bar bar : bars) {
            page.bar(bar.begin(), bar.end(), rowOf(bar.lower()), BAR_HEIGHT, bar.style());
        }
        List<Double> begins = new ArrayList<>();
        List<Mark> seen = marks.stream()
                .filter(mark -> page.overlaps(mark.nanos(), mark.nanos()))
                .sorted(Comparator.comparingLong(Mark::nanos).reversed())
                .toList();
        for (Mark mark : seen) {
            double x = page.x(mark.nanos());
            int row = freeRow(begins, x + SvgPage.widthOf(mark.words()) + LABEL_GAP);
            begins.set(row, x);
            page.label(x, rowOf(mark.lower()) + BAR_HEIGHT / 2.0, barsEnd + (row + 1) * ROW_HEIGHT, mark.words(),
                    mark.lower() ? "handler" : style);
        }
        page.setBottom(barsEnd + begins.size() * ROW_HEIGHT);
    }

    private double rowOf(boolean lower) {
        return lower ? top + LOWER_OFFSET : top;
    }

    private static int freeRow(List<Double> begins, double end) {
        for (int row = 0; row < begins.size(); row++) {
            if (end <= begins.get(row)) {
                return row;
            }
        }
        begins.add(0.0);
        return begins.size() - 1;
    }
}
