package dev.interject.reliability;

import java.util.ArrayList;
import java.util.List;

/** A line through points, by least squares: how much something grows. */
final class Trend {

    private final List<double[]> points = new ArrayList<>();

    void add(double x, double y) {
        points.add(new double[]{x, y});
    }

    private double mean(int coordinate) {
        return points.stream().mapToDouble(point -> point[coordinate]).average().orElse(0);
    }

    private double spread() {
        double mean = mean(0);
        return points.stream().mapToDouble(point -> Math.pow(point[0] - mean, 2)).sum();
    }

    /** Growth of y for each unit of x. */
    double slope() {
        double x = mean(0);
        double y = mean(1);
        return points.stream().mapToDouble(point -> (point[0] - x) * (point[1] - y)).sum() / spread();
    }

    /** The standard error of the slope; not a number with fewer than three points. */
    double error() {
        double x = mean(0);
        double y = mean(1);
        double slope = slope();
        double squares = points.stream()
                .mapToDouble(point -> Math.pow(point[1] - y - slope * (point[0] - x), 2))
                .sum();
        return Math.sqrt(squares / (points.size() - 2) / spread());
    }
}
