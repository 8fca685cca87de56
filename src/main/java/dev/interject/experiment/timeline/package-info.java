/**
 * A recording on one clock: the host's events, the guest's handlers, and which interrupt each handler handled.
 *
 * <p>It depends on {@code trace} and on {@code machine}'s clocks, and not on {@code experiment}. It is independent of
 * how a timeline is shown.
 */
package dev.interject.experiment.timeline;
