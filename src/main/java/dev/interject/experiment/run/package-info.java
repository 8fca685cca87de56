/**
 * Carries out a plan: boots the guest, checks the gates, injects, waits, and accounts for every interrupt.
 *
 * <p>It depends on {@code experiment.plan} and {@code machine}.
 */
package dev.interject.experiment.run;
