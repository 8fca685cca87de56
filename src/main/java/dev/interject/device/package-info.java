/**
 * Devices that a guest reaches by port I/O or in memory: the buses, and the interrupt controllers of a PC, a pair of
 * 8259As and the IOAPIC.
 *
 * <p> A device is a plain state machine: accesses and line changes go in, bytes and interrupts come out. It depends on
 * the JDK only and on no other package of Interject: not on KVM, a vCPU, a thread or a clock. Its owner decides who
 * calls it, when and under which lock. So a test can compare the same 8259A with the kernel's, operation by
 * operation.
 *
 * <p> The guest is not trusted: whatever it reads or writes, anywhere and in any width, has a defined result and
 * throws nothing. Only mistakes of the caller (a line that does not exist, ranges that overlap) throw. Nothing that a
 * guest can reach allocates, except a changed entry of the IOAPIC.
 */
package dev.interject.device;
