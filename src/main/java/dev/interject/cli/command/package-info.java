/**
 * What all commands share: the base command, errors and exit codes, signals, progress, the version.
 *
 * <p>It depends on {@code cli.option}, {@code cli.output} and {@code experiment}. It must not depend on any command.
 */
package dev.interject.cli.command;
