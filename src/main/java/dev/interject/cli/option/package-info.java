/**
 * Groups of options that several commands share, and the converters of their values.
 *
 * <p>It depends on {@code cli.output}, {@code experiment} and what lies below. It must not know any command, nor print.
 */
package dev.interject.cli.option;
