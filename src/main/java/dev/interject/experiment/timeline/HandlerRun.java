package dev.interject.experiment.timeline;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A guest's handler, from when it was entered to when it was left, by the guest's own stamps on the host's clock.
 *
 * @param vcpu    where it ran
 * @param vector  0–255
 * @param begin   when it was entered, in nanoseconds
 * @param end     when it was left; empty where that was not recorded, or has not come
 * @param heardAt when the run heard its word; empty where it waits for none
 * @param index   which interrupt it was the handler of, from 0; empty where that is not known
 */
public record HandlerRun(int vcpu, int vector, long begin, OptionalLong end, OptionalLong heardAt, OptionalInt index) {}
