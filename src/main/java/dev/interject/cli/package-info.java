/**
 * The entry point of the command line: the parser, the top-level command and the reporting of errors.
 *
 * <p>Each command has a package of its own. A command depends on another only if its result contains the other's.
 */
package dev.interject.cli;
