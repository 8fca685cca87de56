/**
 * Guests: the built-in images, the state in which each boots, and the interface between guest and host.
 *
 * <p>It depends on {@code kvm} for registers and memory, and must not depend on {@code machine}.
 */
package dev.interject.guest;
