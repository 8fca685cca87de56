package dev.interject.experiment.bench;

/** Follows a measurement while it goes on. Called on its thread. */
@FunctionalInterface
public interface BenchObserver {

    /** Does nothing. */
    BenchObserver NONE = (subject, number, of, round, who) -> {};

    /**
     * A round begins.
     *
     * @param number the subject's, from 1
     * @param of     how many subjects there are
     * @param round  from 1; 0 is the one that is warm-up
     * @param who    is measured in it
     */
    void round(Subject subject, int number, int of, int round, String who);
}
