/**
 * What was recorded of a run, put in order: the host's events and the guest's handlers on one clock, and which
 * interrupt led to which handler.
 *
 * <p>It leans on {@code trace} and on {@code machine}'s clocks, and not on {@code experiment}. It must never know how
 * any of it is shown.
 */
package dev.interject.experiment.timeline;
