/**
 * {@code interject sweep}: injects at every instruction of a stretch of code. The command, and its report as text and
 * in other formats.
 */
package dev.interject.cli.sweep;
