/**
 * Devices that a guest accesses through I/O ports or memory: the two buses, the interrupt controllers of a PC (a pair
 * of 8259As and the IOAPIC), and the ports for reports and commands.
 *
 * <p> A device is a plain state machine: its inputs are accesses and line changes, its outputs bytes and interrupts. It
 * depends on the JDK only, not on KVM, a vCPU, a thread or a clock. Its owner decides which thread calls it, when and
 * under which lock. So tests can compare the same 8259A with KVM's, operation by operation.
 *
 * <p> The guest is not trusted: every access, at any address and of any width, has a defined result and throws nothing.
 * Only errors of the caller (a line that does not exist, overlapping ranges) throw. No guest access allocates, except
 * one that changes an entry of the IOAPIC.
 */
package dev.interject.device;
