package dev.interject.machine.vcpu;

import java.util.Optional;

import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.VcpuEvents;

/** Takes a vCPU through one step, which needs several entries. On the vCPU's thread. */
final class Stepper {

    private static final StepResult ASLEEP = new StepResult.Asleep();
    private static final StepResult EXECUTED = new StepResult.Executed();

    /** What the next entry of a step is for. A kick can end each early; the step then begins again. */
    private enum Phase {
        /** To let the kernel look whether something wakes the vCPU. */
        WAKE,
        /** To let the kernel queue the interrupt that would be taken. */
        QUEUE,
        EXECUTE
    }

    private final Vcpu vcpu;
    private final GuestEntry entry;
    private final DebugEntry debugger;
    private final StepPlanner planner;
    private Phase phase = Phase.WAKE;
    private boolean asleep;
    private boolean nmiIsNext;

    /** @param blocksInterrupts whether the host can block interrupts during a step */
    Stepper(Vcpu vcpu, GuestMemory memory, GuestEntry entry, DebugEntry debugger, boolean blocksInterrupts) {
        this.vcpu = vcpu;
        this.entry = entry;
        this.debugger = debugger;
        this.planner = new StepPlanner(vcpu, memory, blocksInterrupts);
    }

    /** The step begins again. */
    void restart() {
        phase = Phase.WAKE;
    }

    /** Enters the guest at most once. Returns the step's result; empty while it continues, or if an exit ended it. */
    Optional<StepResult> advance() {
        if (phase == Phase.WAKE) {
            phase = Phase.QUEUE;
            if (vcpu.mpState() != MpState.RUNNABLE) {
                entry.exitBeforeFirstInstruction();
                return Optional.empty();
            }
        }
        if (phase == Phase.QUEUE) {
            phase = Phase.EXECUTE;
            asleep = vcpu.mpState() != MpState.RUNNABLE;
            nmiIsNext = vcpu.canTakeNmi();
            entry.exitBeforeFirstInstruction();
            return Optional.empty();
        }
        phase = Phase.WAKE; // of the next step, or of this one if it ends early
        return asleep ? Optional.of(ASLEEP) : execute();
    }

    private Optional<StepResult> execute() {
        VcpuEvents events = vcpu.events();
        boolean nothingIsTaken = !nmiIsNext && !events.interruptInjected() && events.exception().isEmpty();
        if (nothingIsTaken && planner.isAtHalt()) {
            fallAsleep();
            return Optional.of(ASLEEP);
        }
        if (nothingIsTaken && planner.isAtSti()) {
            planner.passSti(); // in KVM's place: some hosts step on past the next instruction, or drop the shadow
            entry.changedByHand();
            return Optional.of(EXECUTED);
        }
        vcpu.requestInterruptWindow(false); // an open window would end the step
        Optional<DebugStop> stop = debugger.enter(planner.step(events));
        if (stop.isPresent()) {
            return stop.map(planner::outcome);
        }
        // KVM emulates some accesses without reporting that they were a step
        return entry.accessIsOpen() ? Optional.of(EXECUTED) : Optional.empty();
    }

    /** Executes the HLT that is next in KVM's place: some hosts step over it without sleeping. */
    private void fallAsleep() {
        planner.passHalt();
        if (vcpu.hasLapicInKernel()) {
            vcpu.setMpState(MpState.HALTED);
        } else {
            entry.setHalted(true);
        }
        entry.changedByHand(); // the shadow of STI has ended
    }
}
