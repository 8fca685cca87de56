/**
 * Basic types: where the controllers live, the ISA lines, triggers, and the ledger that accounts for every interrupt.
 *
 * <p>It depends on {@code kvm} for one question alone, what irqchip a VM has.
 */
package dev.interject.interrupt;
