package dev.interject.trace;

/** Something that happened in a run. */
public sealed interface TraceEvent permits TimedEvent, HandlerStamp {}
