package dev.interject.experiment.suite;

import dev.interject.experiment.suite.list.SuiteTest;
/** Follows a suite while it runs. */
public interface SuiteObserver {

    /** A test begins; called by its own thread. */
    void begins(SuiteTest test);

    /** A test has ended; called by the thread that runs the suite, in the suite's order. */
    void ended(SuiteResult result);
}
