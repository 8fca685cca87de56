/**
 * A VM that runs: its memory, its vCPU on a thread of its own, its devices on their ports.
 *
 * <p>It leans on {@code guest}, {@code interrupt}, {@code device} and {@code kvm}. It decides nothing about what is
 * injected when: that is the experiment's business.
 */
package dev.interject.machine;
