/**
 * Injects an interrupt at every instruction of a stretch of guest code.
 */
package dev.interject.experiment.sweep;
