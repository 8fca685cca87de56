/**
 * Explains what each gate would do to an interrupt for a frozen guest; the catalogue of faults.
 */
package dev.interject.experiment.explain;
