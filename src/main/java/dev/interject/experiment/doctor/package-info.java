/**
 * The examination of the host: what it is, whether it can, the fix for what it cannot, and where it departs from the
 * manuals.
 *
 * <p>It leans on {@code experiment}, since the last proof that a host can is a run, on {@code experiment.probe}, and
 * on {@code kvm}. It reads {@code /proc} and {@code /sys}; it must never know how a result is shown.
 */
package dev.interject.experiment.doctor;
