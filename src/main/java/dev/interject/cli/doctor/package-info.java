/**
 * {@code interject doctor}: examines the host. The command, and its report as text and in other formats.
 */
package dev.interject.cli.doctor;
