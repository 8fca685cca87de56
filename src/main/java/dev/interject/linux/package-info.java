/**
 * Linux system calls: file descriptors, errno, memory mappings, directed signals.
 *
 * <p>The only package that links native code. It depends on {@code bindings} for layouts and constants and on no other
 * package of Interject; it must not depend on KVM.
 */
package dev.interject.linux;
