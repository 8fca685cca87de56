/**
 * {@code interject bench}: measures what interrupts cost. The command, and its report as text and in other formats.
 */
package dev.interject.cli.bench;
