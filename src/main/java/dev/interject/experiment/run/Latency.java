package dev.interject.experiment.run;

/** Times from injection to the handler's word, in nanoseconds. */
public record Latency(long p50, long p99, long max) {}
