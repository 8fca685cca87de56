/**
 * The state of a vCPU and its interrupt controllers, read between two instructions: what the gates depend on.
 *
 * <p>It holds values only. It must not depend on how they were read or on what follows from them.
 */
package dev.interject.interrupt.state;
