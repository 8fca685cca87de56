/**
 * {@code interject explain}: walks the gates of one interrupt. The command, and its report as text and in other
 * formats.
 */
package dev.interject.cli.explain;
