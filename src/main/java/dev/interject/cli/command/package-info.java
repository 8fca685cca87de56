/**
 * What every command shares at run time: errors and exit codes, signals, progress, the version.
 *
 * <p>It depends on {@code cli.output} and {@code experiment}. It must not know any command.
 */
package dev.interject.cli.command;
