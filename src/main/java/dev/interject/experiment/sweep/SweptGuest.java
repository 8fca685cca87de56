package dev.interject.experiment.sweep;

import java.util.Optional;

import dev.interject.experiment.setting.Situation;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;
import dev.interject.machine.vcpu.StepResult;

/** A new guest at the beginning of the stretch, whose vCPU 0 is single-stepped. */
interface SweptGuest extends AutoCloseable {

    Machine machine();

    /** Runs to the beginning of the stretch; returns the state there. */
    GuestState runToStart();

    /** What is injected. */
    ResolvedInjection target(GuestState state);

    /** What is set before the injection. */
    Situation situation();

    /** Has vCPU 0 execute one instruction or take one interrupt; empty if the guest has ended. */
    Optional<StepResult> stepUnlessEnded();

    /** Whether it has ended by a crash. */
    boolean hasCrashed();

    /** As {@link #stepUnlessEnded}, but an end of the guest ends the sweep. */
    StepResult step();

    /** Requires that nothing has ended the sweep. */
    void requireRunning();

    /** How many interrupts of this vector the guest has counted; 0 of a guest that does not count. */
    long counted(GatePath gates);

    @Override
    void close();
}
