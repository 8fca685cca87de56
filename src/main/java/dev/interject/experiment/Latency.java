package dev.interject.experiment;

/** Median, 99th percentile and maximum of some latencies, in nanoseconds. */
public record Latency(long p50, long p99, long max) {}
