/**
 * One vCPU on a thread of its own: running, kicking, tasks from other threads, and debugging.
 *
 * <p>It must not know the machine that it belongs to.
 */
package dev.interject.machine.vcpu;
