package dev.interject.experiment.situation;

/**
 * How often the handler of a vector has run since the guest's start, when all is over.
 *
 * @param vcpu   the vCPU that takes it
 * @param vector 0–255
 * @param times  above 0
 */
public record Expected(int vcpu, int vector, int times) {}
