/**
 * Injectors, one for each path; the injection window and the queue before it; the interrupt controllers in user space
 * as vCPUs see them.
 *
 * <p>It depends on {@code device}, {@code kvm} and {@code trace}. It must not depend on guests or the model of gates.
 */
package dev.interject.interrupt.inject;
