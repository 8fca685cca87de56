package dev.interject.trace;

/**
 * A guest's time stamp of when a handler was entered or left.
 *
 * @param vcpu    the vCPU that ran the handler, from 0
 * @param vector  0 to 255
 * @param counter the guest's time-stamp counter at that moment
 * @param entered true when the handler was entered, false when it was left
 */
public record HandlerStamp(int vcpu, int vector, long counter, boolean entered) implements TraceEvent {}
