/**
 * A run with all its events recorded.
 */
package dev.interject.experiment.trace;
