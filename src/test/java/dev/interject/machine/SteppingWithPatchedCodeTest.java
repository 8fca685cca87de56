package dev.interject.machine;

import dev.interject.trace.Recorder;

/** As on a host whose debug registers stop no guest. */
class SteppingWithPatchedCodeTest extends SteppingTest {

    @Override
    Machine machine(MachinePlan plan) {
        return new Machine(plan, listener, Recorder.off(), kvm -> false);
    }
}
