/**
 * {@code interject trace}: records a run. The command, and its report as text and in other formats.
 */
package dev.interject.cli.trace;
