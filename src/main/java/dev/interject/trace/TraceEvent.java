package dev.interject.trace;

/** Something that happened during a run. */
public sealed interface TraceEvent permits TimedEvent, HandlerStamp, HandlerSeen {}
