/** {@code interject suite}: runs a list of images. The command, and its text, TAP, JUnit XML and JSON. */
package dev.interject.cli.suite;
