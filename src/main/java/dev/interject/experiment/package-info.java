/**
 * Experiments: one run from plan to report, and the examination of the host.
 *
 * <p>It leans on {@code machine} and what lies below. It decides what is injected when, waits, and accounts; it must
 * never know how a result is shown.
 */
package dev.interject.experiment;
