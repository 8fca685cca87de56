/**
 * What all experiments share: outcomes, the deadline, cancellation, and the position of a guest.
 *
 * <p>Each experiment has a package of its own, from plan to report. They depend on {@code machine} and what lies
 * below, and print nothing.
 */
package dev.interject.experiment;
