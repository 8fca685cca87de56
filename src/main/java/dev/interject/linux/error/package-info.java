/**
 * What a failed system call says: the call, and the kernel's error number with its name.
 *
 * <p>A room of its own, since every floor above lets it through to the user, who must be able to catch it; the rest
 * of {@code linux} is nobody's business. It leans on {@code bindings} for the numbers, and links nothing itself.
 */
package dev.interject.linux.error;
