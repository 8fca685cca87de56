/**
 * What the CPU does with an interrupt or exception that it accepts: table, segments, stack, handler, and the way back.
 *
 * <p>Pure functions of a {@code CpuState}, in every mode of the CPU. It follows the Intel SDM (vol. 3A, "Interrupt and
 * Exception Handling"; vol. 2A, "INT n", "IRET") and must not know interrupt controllers, gates or ioctls.
 */
package dev.interject.interrupt.delivery;
