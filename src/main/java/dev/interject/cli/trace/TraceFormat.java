package dev.interject.cli.trace;

import java.util.Locale;

/** How a trace is shown. */
enum TraceFormat {
    /** A timeline for people. */
    TEXT,
    /** One JSON object in the trace event format, as Perfetto and Chrome read it. */
    JSON,
    /** A picture of one interrupt. */
    SVG;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
