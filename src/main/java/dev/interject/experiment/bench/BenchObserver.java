package dev.interject.experiment.bench;

/** Observes the progress of a benchmark, on its thread. */
@FunctionalInterface
public interface BenchObserver {

    /** Does nothing. */
    BenchObserver NONE = (subject, number, of, round, who) -> {};

    /**
     * A round begins.
     *
     * @param number the subject's, from 1
     * @param of     how many subjects there are
     * @param round  from 1; 0 is the warm-up round
     * @param who    is measured: Interject or C
     */
    void round(Subject subject, int number, int of, int round, String who);
}
