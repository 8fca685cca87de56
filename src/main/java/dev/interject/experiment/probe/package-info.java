/**
 * Probes that test by experiment whether this host's KVM follows the manuals, instead of assuming it by CPU or kernel
 * version.
 *
 * <p>It depends on {@code machine}, {@code guest} and what lies below; {@code experiment.doctor} and other experiments
 * use it.
 */
package dev.interject.experiment.probe;
