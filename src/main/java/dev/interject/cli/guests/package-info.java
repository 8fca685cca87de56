/**
 * {@code interject guests} and {@code interject lines}: lists guests, faults and ISA lines. The command, and its
 * report as text and in other formats.
 */
package dev.interject.cli.guests;
