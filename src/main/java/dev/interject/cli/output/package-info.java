/**
 * How results are written: standard output and files, styles, JSON, JUnit XML and SVG.
 *
 * <p>It must not know any command or experiment. Everything that is printed is printed through it.
 */
package dev.interject.cli.output;
