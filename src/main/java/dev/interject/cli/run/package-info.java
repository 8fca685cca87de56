/**
 * {@code interject run}: runs one guest and accounts for its interrupts. The command, and its report as text and in
 * other formats.
 */
package dev.interject.cli.run;
