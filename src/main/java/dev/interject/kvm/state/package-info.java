/**
 * The state of vCPUs and interrupt controllers, and what can be set in KVM, as records that check their values.
 *
 * <p>It depends on the constants in {@code bindings} only: it uses no file descriptor and no foreign memory.
 */
package dev.interject.kvm.state;
