/**
 * Guests: the built-in images, what each shows, how each is booted, and what guest and host have agreed on.
 *
 * <p>It leans on {@code kvm} for registers and memory, and on what lies below. It must never know how a machine runs.
 */
package dev.interject.guest;
