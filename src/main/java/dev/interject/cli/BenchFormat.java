package dev.interject.cli;

/** How a measurement is shown. */
enum BenchFormat {
    /** For people. */
    TEXT,
    /** One JSON object, which {@code --baseline} reads. */
    JSON,
    /** A picture of the distributions. */
    SVG
}
