/**
 * The state of a VM that runs under QEMU, read over its machine protocol (QMP). What QEMU does not show is unknown.
 */
package dev.interject.experiment.qemu;
