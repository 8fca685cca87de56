/**
 * The entry point of the command line: the top-level command, its parser, and what becomes of a failure.
 *
 * <p>It knows every command, each in a package of its own; no command knows it or another, except where one result
 * contains another's.
 */
package dev.interject.cli;
