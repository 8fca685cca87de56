package dev.interject.experiment.sweep;

import dev.interject.experiment.plan.RunPlan;

/**
 * A stretch of a guest's code, at every instruction of which an interrupt is injected.
 *
 * @param run     the interrupt, as a run would inject it
 * @param from    the symbol where the stretch begins
 * @param count   how many instructions it has, as they are executed, 1 or more
 * @param handler whether one interrupt waits at its beginning, so that its handler is part of the stretch
 */
public record SweepPlan(RunPlan run, String from, int count, boolean handler) {}
