/**
 * {@code interject compare}: runs the same interrupts by every path. The command, and its report as text and in other
 * formats.
 */
package dev.interject.cli.compare;
