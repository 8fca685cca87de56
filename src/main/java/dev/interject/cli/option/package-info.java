/**
 * Groups of options that several commands share, and the converters of their values.
 *
 * <p>It depends on {@code cli.output}, {@code experiment} and what lies below. It must not depend on any command or
 * print.
 */
package dev.interject.cli.option;
