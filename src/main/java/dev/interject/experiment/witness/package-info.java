/**
 * Runs of users' images, which count nothing: witnesses outside the guest see what its CPU takes.
 *
 * <p>It depends on {@code experiment.image}, which brings a guest to a moment, and on the reports of
 * {@code experiment.run}.
 */
package dev.interject.experiment.witness;
