/**
 * Basic types: where the controllers live, the ISA lines, triggers, and the ledger that accounts for every interrupt.
 *
 * <p>It depends on {@code kvm} only to find out which irqchip a VM has.
 */
package dev.interject.interrupt;
