/**
 * Reads the state of a machine that another program wrote down, for the gates to walk. What a file lacks is unknown.
 *
 * <p>It needs {@code jackson-core}, neither KVM nor a machine. What it reads is not trusted.
 */
package dev.interject.experiment.state;
