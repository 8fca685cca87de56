/**
 * The examination of the host: its properties, whether it can run Interject, fixes for what is missing, and where its
 * KVM departs from the manuals.
 *
 * <p>It depends on {@code experiment.run}, since the last trial is a run, on {@code experiment.probe} and on
 * {@code kvm}. It reads {@code /proc} and {@code /sys}, and is independent of how a result is shown.
 */
package dev.interject.experiment.doctor;
