/**
 * Devices that a guest reaches by port I/O: the bus, and the pair of 8259A interrupt controllers of a PC.
 *
 * <p>
 * A device is a plain state machine: port accesses and line changes go in, bytes and interrupt vectors come out. It
 * leans on the JDK alone and imports nothing of ours from outside this package. It must never know KVM, a vCPU, a
 * thread or a clock; who calls it, when, and under which lock is its owner's affair. That is what lets the same 8259A
 * be held beside the kernel's in a test, operation by operation.
 *
 * <p>
 * The guest is not trusted: whatever it reads or writes, at any port and in any width, has a defined result and throws
 * nothing. Only the host's own mistakes (a line that does not exist, port ranges that overlap) are exceptions. Nothing
 * that a guest can reach allocates.
 */
package dev.interject.device;
