/**
 * Generates manual pages and shell completion from picocli's model of the command line, so that they match the program.
 *
 * <p>{@code scripts/package} uses it; a run does not. It depends on {@code cli} and picocli only.
 */
package dev.interject.cli.manual;
