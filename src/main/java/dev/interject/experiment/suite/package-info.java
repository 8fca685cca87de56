/**
 * Runs a list of images, such as that of kvm-unit-tests, and says which pass. Prints nothing itself.
 *
 * <p>It depends on {@code experiment.boot}, which boots each image.
 */
package dev.interject.experiment.suite;
