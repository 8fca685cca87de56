/**
 * Converts KVM's structures to the records of {@link dev.interject.kvm.state} and
 * {@link dev.interject.device} and back.
 *
 * <p>Not exported, so that foreign memory stays out of the API. It depends on {@code kvm.state}, {@code device}
 * and {@code bindings}, and makes no system call.
 */
package dev.interject.kvm.structure;
