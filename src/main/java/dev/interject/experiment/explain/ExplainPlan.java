package dev.interject.experiment.explain;

import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.experiment.plan.RunPlan;

/**
 * Which interrupt is to be explained, and where its guest is to be frozen.
 *
 * @param run           the interrupt, as a run would inject it; its pace says how many are taken before
 * @param after         how many of them the guest takes first, 0 or more; with a point below, the last of them is
 *                      followed there, step by step
 * @param at            the symbol at which it is frozen, before its first instruction; empty: where it stands
 * @param atInstruction how many instructions are executed then, counted from that symbol, else from the last of the
 *                      interrupts before, else from the guest's start; empty: as many as it takes to be ready
 * @param fault         what is done to the guest by hand before anybody looks; empty: nothing
 */
public record ExplainPlan(RunPlan run, int after, Optional<String> at, OptionalInt atInstruction,
        Optional<Fault> fault) {

    /** Whether the guest is brought there under control, not by letting it run until it is ready. */
    boolean isStepped() {
        return at.isPresent() || atInstruction.isPresent();
    }

    /** Whether it is brought there from an interrupt on, such as into its handler. */
    boolean isFollowed() {
        return isStepped() && after > 0;
    }

    /** The situation of a fault. */
    public static ExplainPlan of(Fault fault) {
        return new ExplainPlan(fault.setting().run(), fault.setting().after(), Optional.empty(), OptionalInt.empty(),
                Optional.of(fault));
    }
}
