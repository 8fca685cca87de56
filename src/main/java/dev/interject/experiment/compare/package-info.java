/**
 * Runs the same number of interrupts by every path on every irqchip.
 */
package dev.interject.experiment.compare;
