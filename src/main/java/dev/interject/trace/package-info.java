/**
 * Events of a run, recorded while they happen: a {@link dev.interject.trace.Recorder} that any thread writes to, and
 * the {@link dev.interject.trace.Recording} read from it afterwards.
 *
 * <p>It depends on the JDK alone, so that every package from {@code interrupt} up can record. It uses neither machines
 * nor devices nor KVM, only numbers and times. Recording allocates nothing, takes no lock and formats nothing; decoding
 * happens when the run is over.
 */
package dev.interject.trace;
