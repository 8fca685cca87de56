/**
 * Brings a guest to a point by single steps, for the experiments that look at it there.
 *
 * <p>It depends on {@code experiment.run}, which follows the guest and explains how it ended.
 */
package dev.interject.experiment.step;
