/**
 * The paths of an interrupt into a guest, one class each: its name, the plans that make sense on it, its gates, its
 * injector, and what KVM's answers and counters mean there.
 *
 * <p>It depends on {@code guest}, {@code interrupt.gate} and {@code interrupt.inject}. It must not depend on machines:
 * an {@code InjectorFactory} stands for one.
 */
package dev.interject.interrupt.route;
