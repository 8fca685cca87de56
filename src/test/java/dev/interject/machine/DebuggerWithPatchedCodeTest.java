package dev.interject.machine;

import dev.interject.trace.Recorder;

/** As on a host whose debug registers stop no guest. */
class DebuggerWithPatchedCodeTest extends VcpuDebuggerTest {

    @Override
    Machine machine(MachinePlan plan) {
        return new Machine(plan, listener, Recorder.off(), kvm -> false, true);
    }
}
