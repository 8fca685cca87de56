/**
 * A run whose every event is recorded.
 */
package dev.interject.experiment.trace;
