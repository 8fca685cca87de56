/**
 * What of a virtual machine bears on interrupts, in pieces that are saved and restored one by one. A piece is bytes, in
 * the form in which KVM passes it. It does not depend on any experiment.
 */
package dev.interject.machine.snapshot;
