package dev.interject.cli.bench;

import java.util.Locale;

/** How a measurement is shown. */
enum BenchFormat {
    /** For people. */
    TEXT,
    /** One JSON object, which {@code --baseline} reads. */
    JSON,
    /** A picture of the distributions. */
    SVG;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
