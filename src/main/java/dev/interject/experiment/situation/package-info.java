/**
 * Guests in the middle of something: each situation is a built-in guest with an interrupt pending in some place, and
 * what it takes from there on. It prints nothing.
 */
package dev.interject.experiment.situation;
