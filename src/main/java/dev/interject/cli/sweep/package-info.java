/**
 * {@code interject sweep}: injects at each instruction of a stretch of code. The command, and its report as text and
 * JSON.
 */
package dev.interject.cli.sweep;
