/**
 * KVM as it is: one type per file descriptor ({@link dev.interject.kvm.Kvm} makes a {@link
 * dev.interject.kvm.VirtualMachine}, which makes {@link dev.interject.kvm.Vcpu}s), its structures as records, its
 * exits as a sealed interface.
 *
 * <p>It leans on {@code linux} and {@code bindings}. It has no policy: it does what it is told and says what the
 * kernel answered. It must never know of devices, guests or experiments.
 */
package dev.interject.kvm;
