/**
 * {@code interject restore}: saves guests in the middle of an interrupt, and restores them into new machines. The
 * command, its lists, and its report as text and in other formats.
 */
package dev.interject.cli.restore;
