package dev.interject.experiment.bench;

/** A program that is measured: Interject or the reference. */
sealed interface Sampler permits OwnSampler, Reference {

    /**
     * Runs one round with a new VM.
     *
     * @param warmUp turns for warm-up
     * @param turns  turns after them
     * @throws dev.interject.experiment.EndedEarlyException if the round did not end
     * @throws dev.interject.linux.error.SystemCallException if a call of this thread fails
     */
    Round round(Subject subject, int warmUp, int turns);

    /** The name in the progress line. */
    String name();
}
