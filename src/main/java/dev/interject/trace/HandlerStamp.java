package dev.interject.trace;

/**
 * The guest's own word of when a handler was entered or left.
 *
 * @param vcpu    whose handler
 * @param vector  0–255
 * @param counter the guest's time-stamp counter then
 * @param entered entered rather than left
 */
public record HandlerStamp(int vcpu, int vector, long counter, boolean entered) implements TraceEvent {}
