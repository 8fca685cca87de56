/**
 * Injects an interrupt at each instruction of a stretch of guest code.
 */
package dev.interject.experiment.sweep;
