/**
 * The heart: what an interrupt is, the paths by which it is handed to KVM, the gates that can hold it, the window, the
 * ISA lines, and the ledger that accounts for every one.
 *
 * <p>It leans on {@code device} (the 8259 pair) and {@code kvm}. It must never know of guest images, threads or how
 * anything is shown.
 */
package dev.interject.interrupt;
