package dev.interject.experiment.explain;

import dev.interject.interrupt.gate.Verdict;

/** What a gate advises, and how it is followed. */
sealed interface Advice {

    Verdict verdict();

    /**
     * Followed in a guest.
     *
     * @param words  what the advice says, in part
     * @param closed where the gate has this verdict
     * @param opened the same once the advice has been followed
     */
    record Followed(Verdict verdict, String words, AdviceScene closed, AdviceScene opened) implements Advice {}

    /** Not followed by this test. */
    record NotHere(Verdict verdict, String reason) implements Advice {}
}
