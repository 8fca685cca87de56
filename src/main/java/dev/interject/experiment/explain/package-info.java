/**
 * Brings a guest to a point, freezes it, and walks the gates of one interrupt; the catalogue of faults.
 */
package dev.interject.experiment.explain;
