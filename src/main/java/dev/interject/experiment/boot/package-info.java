/** Boots a guest that does not know Interject, connects its console, and says how it ended. Prints nothing itself. */
package dev.interject.experiment.boot;
