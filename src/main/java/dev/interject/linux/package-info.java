/**
 * Linux system calls: file descriptors, errno, memory mappings, directed signals.
 *
 * <p>The only package that links native code. It leans on {@code bindings} for layouts and constants and on nothing
 * else of Interject; it must never know what KVM is.
 */
package dev.interject.linux;
