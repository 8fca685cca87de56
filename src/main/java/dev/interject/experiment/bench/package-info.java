/**
 * What interrupts cost: the same machines and injectors that a run uses, measured round by round, beside a program in
 * C that does the same.
 *
 * <p>It leans on {@code experiment} and all below. It must never print, and nothing of it may be loaded by a run.
 */
package dev.interject.experiment.bench;
