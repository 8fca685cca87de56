/**
 * {@code interject guests} and {@code interject lines}: list guests, faults and ISA lines. The commands, and their
 * output as text and JSON.
 */
package dev.interject.cli.guests;
