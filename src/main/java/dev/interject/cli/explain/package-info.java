/**
 * {@code interject explain}: what each gate would do to an interrupt. The command, and its report as text and JSON.
 */
package dev.interject.cli.explain;
