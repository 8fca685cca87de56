/**
 * Saves a guest's state in the middle of an interrupt, restores it into a new virtual machine in some order, and finds
 * out what was lost, doubled or late. It prints nothing.
 */
package dev.interject.experiment.restore;
