/**
 * What happens in a run, recorded while it happens: one ring that whoever acts writes to, and what it holds as
 * events.
 *
 * <p>It leans on the JDK alone, so that every floor from {@code interrupt} up can write to it. It must never know
 * what a machine, a device or KVM is: it is told numbers, and when. Writing allocates nothing, locks nothing and
 * formats nothing; reading does all of that, when the run is over.
 */
package dev.interject.trace;
