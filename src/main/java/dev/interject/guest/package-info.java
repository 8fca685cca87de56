/**
 * Guests: the built-in images, how each is booted, and the interface between guest and host.
 *
 * <p>It depends on {@code kvm} for registers and memory, and on the packages below. It must not depend on
 * {@code machine}.
 */
package dev.interject.guest;
