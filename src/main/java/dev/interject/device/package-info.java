/**
 * Devices that a guest reaches by port I/O or in memory: the buses, and the interrupt controllers of a PC, which are
 * a pair of 8259As and the IOAPIC.
 *
 * <p> A device is a plain state machine: accesses and line changes go in, bytes and interrupts come out. It leans on
 * the JDK alone and imports nothing of ours from outside this package. It must never know KVM, a vCPU, a thread or a
 * clock; who calls it, when, and under which lock is its owner's affair. That is what lets the same 8259A be held
 * beside the kernel's in a test, operation by operation.
 *
 * <p> The guest is not trusted: whatever it reads or writes, anywhere and in any width, has a defined result and
 * throws nothing. Only the host's own mistakes (a line that does not exist, ranges that overlap) are exceptions.
 * Nothing that a guest can reach allocates, but for an entry of the IOAPIC when it changes.
 */
package dev.interject.device;
