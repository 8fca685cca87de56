/**
 * The command line: picocli commands, and how results are shown as text, JSON and JUnit XML.
 *
 * <p>It leans on {@code experiment} and what lies below. Everything that is printed is printed here.
 */
package dev.interject.cli;
