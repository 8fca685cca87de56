/** Brings a guest that does not know Interject to a moment, freezes it there, and names the interrupt. */
package dev.interject.experiment.image;
