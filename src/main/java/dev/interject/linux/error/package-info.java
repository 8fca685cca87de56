/**
 * The exception of a failed system call: the call, and the kernel's error number with its name.
 *
 * <p>It is a package of its own because it is exported: callers must be able to catch the exception, and see nothing
 * else of {@code linux}. It depends on {@code bindings} for the numbers and links nothing itself.
 */
package dev.interject.linux.error;
