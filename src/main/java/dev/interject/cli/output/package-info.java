/**
 * How results are written: to standard output and files, as text, JSON, JUnit XML and SVG.
 *
 * <p>Everything that is printed is printed through it. It must not depend on any command or experiment.
 */
package dev.interject.cli.output;
