/**
 * Measures what interrupts cost, with the machines and injectors of a run, and compares them with a C program that does
 * the same.
 *
 * <p>It depends on {@code experiment} and what lies below, and prints nothing. A run must not load any of its classes.
 */
package dev.interject.experiment.bench;
