/**
 * A VM that runs: its builder, its memory, its devices on their ports, its vCPUs, and closing them in order.
 *
 * <p>It depends on {@code guest}, {@code interrupt}, {@code device} and {@code kvm}. It does not decide what is
 * injected or when; an experiment does.
 */
package dev.interject.machine;
