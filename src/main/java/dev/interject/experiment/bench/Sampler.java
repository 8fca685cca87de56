package dev.interject.experiment.bench;

/** Who is measured. */
sealed interface Sampler permits OwnSampler, Reference {

    /**
     * One round, with a VM of its own.
     *
     * @param warmUp turns at its beginning that are its warm-up
     * @param turns  turns behind them
     * @throws RoundFailed where the guest does not do its part
     * @throws dev.interject.linux.error.SystemCallException where the kernel does not
     */
    Round round(Subject subject, int warmUp, int turns);

    /** For a line of progress. */
    String name();
}
