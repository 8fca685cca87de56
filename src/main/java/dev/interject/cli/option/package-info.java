/**
 * Groups of options that several commands take, and the converters of their values.
 *
 * <p>It depends on {@code experiment} and what lies below. It must not know any command, nor print.
 */
package dev.interject.cli.option;
