package dev.interject.machine.vcpu;

import java.util.Optional;

import dev.interject.kvm.DebugTrap;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.PortIo;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.GuestDebug;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.VcpuEvents;

/**
 * Enters the guest for a debugger: until an instruction is executed, or one with a breakpoint is next. On the vCPU's
 * thread.
 *
 * <p>Breakpoints are in the debug registers. Where these do not stop a guest, an OUT replaces the instructions while
 * the guest runs ({@link PatchedCode}); such a guest must have one vCPU only.
 */
final class DebugEntry {

    private final Vcpu vcpu;
    private final GuestEntry entry;
    private final PatchedCode patches;
    private final DebugSupport support;
    /** Whether the debug registers work; empty before the first entry. */
    private Optional<Boolean> registersWork = Optional.empty();
    /** Why the last entry stopped. */
    private Optional<DebugStop> stop = Optional.empty();

    DebugEntry(Vcpu vcpu, GuestMemory memory, GuestEntry entry, DebugSupport support) {
        this.vcpu = vcpu;
        this.entry = entry;
        this.patches = new PatchedCode(vcpu, memory);
        this.support = support;
    }

    /** Whether a step must be taken first, since a patch would change the instruction that is next. */
    boolean mustStepBefore(GuestDebug wanted) {
        if (wanted.breakpoints().isEmpty() || registersWork()) {
            return false;
        }
        long next = LinearMemory.next(vcpu);
        return wanted.breakpoints().stream().anyMatch(at -> at != next && PatchedCode.covers(at, next));
    }

    /** Whether breakpoints in the debug registers stop the guest on this host. */
    boolean registersWork() {
        if (registersWork.isEmpty()) {
            registersWork = Optional.of(support.registersWork().getAsBoolean());
        }
        return registersWork.get();
    }

    /** The linear address of the next instruction. */
    long next() {
        return LinearMemory.next(vcpu);
    }

    /** Enters the guest at most once. Returns why it stopped; empty if there was another exit. */
    Optional<DebugStop> enter(GuestDebug wanted) {
        stop = Optional.empty();
        boolean isFree = !wanted.step() && wanted.breakpoints().isEmpty();
        if (isFree || registersWork()) {
            entry.enter(wanted);
        } else {
            enterWithPatches(wanted);
        }
        return stop.or(() -> cutShortAt(wanted));
    }

    /** A kick can end an entry that has delivered an interrupt, before the first instruction of its handler. */
    private Optional<DebugStop> cutShortAt(GuestDebug wanted) {
        int here = wanted.breakpoints().isEmpty() || entry.accessIsOpen()
                ? -1
                : wanted.breakpoints().indexOf(LinearMemory.next(vcpu));
        return here < 0 || handlerIsFirst() ? Optional.empty() : Optional.of(new DebugStop(here));
    }

    /**
     * Whether a handler runs before the instruction that is next: the vCPU sleeps in an HLT, or an event is queued. A
     * breakpoint there is hit when the handler has returned.
     */
    private boolean handlerIsFirst() {
        if (entry.isHalted() || vcpu.mpState() == MpState.HALTED) {
            return true;
        }
        VcpuEvents events = vcpu.events();
        return events.interruptInjected() || events.nmiInjected() || events.exception().isPresent();
    }

    /** The exit of an entry was {@code KVM_EXIT_DEBUG}. */
    void trapped(DebugTrap trap) {
        stop = Optional.of(new DebugStop(trap.breakpoint()));
    }

    /** Whether this access is that of a breakpoint, and not the guest's own. */
    boolean isBreakpoint(PortIo access) {
        return patches.isHit(access);
    }

    private void enterWithPatches(GuestDebug wanted) {
        int here = wanted.breakpoints().indexOf(LinearMemory.next(vcpu));
        boolean handlerIsFirst = handlerIsFirst();
        if (here >= 0 && !handlerIsFirst) {
            stop = Optional.of(new DebugStop(here));
        } else {
            patches.insert(wanted.breakpoints(), handlerIsFirst);
            try {
                entry.enter(wanted.withoutBreakpoints());
            } finally {
                patches.remove();
            }
            patches.hit().ifPresent(this::undo);
        }
    }

    /** Completes the OUT of a patch, as KVM requires, and sets RIP and the shadow back to what they were before it. */
    private void undo(int breakpoint) {
        VcpuEvents before = vcpu.events();
        entry.settle();
        Registers after = vcpu.registers();
        vcpu.setRegisters(after.withRip(after.rip() - PatchedCode.BYTES));
        if (before.inShadow()) {
            vcpu.setEvents(vcpu.events().withShadow(before.stiShadow(), before.movSsShadow()));
        }
        entry.changedByHand();
        stop = Optional.of(new DebugStop(breakpoint));
    }
}
