/**
 * Probes: whether this host's KVM does what the manuals promise, each found out by a real guest at run time.
 *
 * <p>It leans on {@code machine} and what lies below, and not on {@code experiment}, so that an experiment may ask
 * for one promise before it relies on it. It must never judge by the name of a host, a CPU or a back-end.
 */
package dev.interject.experiment.probe;
