/**
 * What a package brings beside the program: manual pages and shell completions, made from picocli's model of the
 * command line, so that none of them can say what the program does not do.
 *
 * <p>It is used when a package is made ({@code scripts/package}), and never when Interject runs. It leans on
 * {@code cli} and picocli alone.
 */
package dev.interject.cli.manual;
