/**
 * KVM's file descriptors, one type each: {@link dev.interject.kvm.Kvm} makes a
 * {@link dev.interject.kvm.VirtualMachine}, which makes {@link dev.interject.kvm.Vcpu}s; and the exits of a vCPU as a
 * sealed interface. What is read and set is in {@link dev.interject.kvm.state}.
 *
 * <p>It depends on {@code linux}, {@code bindings} and the states in {@code device}. It has no policy: it makes the
 * calls that its callers request and reports the kernel's results. It must not depend on guests or experiments.
 */
package dev.interject.kvm;
