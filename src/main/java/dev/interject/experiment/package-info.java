/**
 * What all experiments share: outcomes, cancellation, and where a guest stands.
 *
 * <p>Each experiment has a package of its own, from plan to report. They depend on {@code machine} and what lies
 * below, and print nothing.
 */
package dev.interject.experiment;
