package dev.interject.experiment.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.PlanCheck;
import dev.interject.experiment.run.RunMonitor;
import dev.interject.experiment.setting.Situation;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.VcpuEvents;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.Machine;
import dev.interject.machine.vcpu.StepResult;
import dev.interject.machine.vcpu.VcpuEndedException;

/** Injects an interrupt at each instruction of a stretch of guest code, each time into a new guest. */
public final class SweepExperiment {

    /** How many instructions an interrupt is waited for: twice a handler of a built-in guest. */
    public static final int PATIENCE = 120;

    /** A guest that still sleeps after this many steps has nothing to wake it. */
    private static final int STEPS_ASLEEP = 5;

    /** How often an instruction is tried at which the host does not report when the interrupt was taken. */
    private static final int ATTEMPTS = 5;

    private final SweptCode code;
    private final boolean handler;
    private final Supplier<SweptGuest> guests;
    private final List<SweepRow> rows = new ArrayList<>();
    private List<String> settingNotes = List.of();

    /** @param guests boots a new one */
    private SweepExperiment(SweptCode code, boolean handler, Supplier<SweptGuest> guests) {
        this.code = code;
        this.handler = handler;
        this.guests = guests;
    }

    /**
     * Carries out a sweep. If a system call fails meanwhile, the report names it and contains the finished rows.
     *
     * @throws dev.interject.kvm.UnsupportedKvmException if this host's KVM lacks a capability
     */
    public static SweepReport sweep(SweepPlan plan, Cancellation cancellation) {
        LineChoice lines = new LineChoice(Machine.lineClaims(), plan.run().effectiveGuest().lines());
        List<ResolvedInjection> targets = plan.run().injections(lines);
        PlanCheck check = new PlanCheck(plan.run(), lines, targets);
        Deadline deadline = Deadline.after(plan.run().effectiveTimeout());
        return new SweepExperiment(SweptCode.of(plan), plan.handler(),
                () -> new SweptBuiltin(plan, targets, new RunMonitor(cancellation, deadline)))
                .sweep(check.refusal().or(targets.getFirst()::refusalOfSteps).or(check::refusalOfPath));
    }

    /**
     * As {@link #sweep(SweepPlan, Cancellation)}, through code of a user's image.
     *
     * @throws dev.interject.guest.boot.UnbootableImageException if the image cannot be booted
     */
    public static SweepReport sweep(ImageSweepPlan plan, Cancellation cancellation) {
        Deadline deadline = Deadline.after(plan.effectiveTimeout());
        return new SweepExperiment(SweptCode.of(plan), plan.handler(),
                () -> new SweptImage(plan, cancellation, deadline)).sweep(plan.image().refusal());
    }

    private SweepReport sweep(Optional<String> refusal) {
        if (refusal.isPresent()) {
            return ended(Ending.of(Outcome.REFUSED, refusal.get()));
        }
        try {
            Optional<SweepRow> row = row(0);
            while (row.isPresent()) {
                rows.add(row.get());
                row = rows.size() < code.count() ? row(rows.size()) : Optional.empty();
            }
            return SweepReport.of(code, rows, settingNotes);
        } catch (EndedEarlyException early) {
            return ended(early.ending());
        } catch (SystemCallException failed) {
            return ended(Ending.hostFailed(failed));
        } catch (VcpuEndedException ended) {
            return ended(Ending.of(ended.end()));
        }
    }

    private SweepReport ended(Ending ending) {
        return new SweepReport(code, rows, ending, settingNotes);
    }

    /**
     * Tries again if the guest counts more interrupts than its steps showed: a host that is preempted while it steps
     * over an instruction that sets IF can take the interrupt, and its handler's first instruction, in the same step.
     *
     * @return empty if the guest sleeps before this instruction, and nothing wakes it
     */
    private Optional<SweepRow> row(int steps) {
        Optional<SweepRow> row = attempt(steps);
        for (int i = 1; i < ATTEMPTS && row.isPresent() && isUnseen(row.get()); i++) {
            row = attempt(steps);
        }
        return row;
    }

    private static boolean isUnseen(SweepRow row) {
        return row.result() == SweepRow.Result.TAKEN && row.takenAfter().isEmpty();
    }

    private Optional<SweepRow> attempt(int steps) {
        try (SweptGuest guest = guests.get()) {
            Machine machine = guest.machine();
            GuestState start = guest.runToStart();
            GatePath first = guest.target(start).gatePath(start);
            long takenBefore = guest.counted(first);
            if (handler) {
                inject(guest, start, first);
            }
            int seen = 0;
            boolean asleep = false;
            for (int i = 0; i < steps; i++) {
                StepResult stepped = guest.step();
                if (asleep && stepped instanceof StepResult.Asleep) {
                    return Optional.empty();
                }
                asleep = stepped instanceof StepResult.Asleep;
                seen += isTaken(stepped, first) ? 1 : 0;
            }
            Situation.Applied applied = guest.situation().applyTo(machine, guest.target(start).vcpu());
            settingNotes = applied.notes();
            applied.resume(); // vCPU 0 is stepped, and was held before
            GuestState state = applied.state();
            GatePath gates = guest.target(state).gatePath(state);
            guest.requireRunning();
            inject(guest, state, gates);
            return Optional.of(follow(guest, state, gates, takenBefore + seen));
        }
    }

    private void inject(SweptGuest guest, GuestState state, GatePath gates) {
        Injector injector = guest.target(state).waitingInjector(guest.machine().injectors(), gates);
        injector.inject();
        injector.drain();
    }

    /** Steps until the interrupt is taken, the guest has ended, or it is waited for no longer. */
    private SweepRow follow(SweptGuest guest, GuestState state, GatePath gates, long takenBefore) {
        Machine machine = guest.machine();
        OptionalInt takenAfter = OptionalInt.empty();
        Optional<String> takenAt = Optional.empty();
        int asleep = 0;
        boolean ended = false;
        for (int i = 0; i < PATIENCE && asleep < STEPS_ASLEEP && takenAfter.isEmpty() && !ended; i++) {
            String before = place(machine, machine.vcpu(0).inspect());
            Optional<StepResult> stepped = guest.stepUnlessEnded();
            if (stepped.filter(step -> isTaken(step, gates)).isPresent()) {
                takenAfter = OptionalInt.of(i);
                takenAt = Optional.of(before);
            }
            asleep = stepped.filter(StepResult.Asleep.class::isInstance).isPresent() ? asleep + 1 : 0;
            ended = stepped.isEmpty();
        }
        boolean taken = takenAfter.isPresent() || guest.counted(gates) > takenBefore;
        SweepRow.Result result = taken ? SweepRow.Result.TAKEN
                : guest.hasCrashed() ? SweepRow.Result.CRASHED : SweepRow.Result.NOT_TAKEN;
        return new SweepRow(place(machine, state), state.cpu().registers().interruptFlag(),
                shadow(state.cpu().events()),
                state.cpu().ready(), state.cpu().halted(), gates.prediction(), result, takenAfter, takenAt);
    }

    private static boolean isTaken(StepResult stepped, GatePath gates) {
        return stepped instanceof StepResult.Took(int vector) && vector == gates.vector();
    }

    /** As a symbol; as a number where the image has none. */
    private static String place(Machine machine, GuestState state) {
        long linear = state.cpu().special().cs().base() + state.cpu().registers().rip();
        String symbol = machine.symbolAt(linear);
        return symbol.isEmpty() ? "0x" + Long.toHexString(linear) : symbol;
    }

    private static String shadow(VcpuEvents events) {
        return events.stiShadow() ? events.movSsShadow() ? "STI/SS" : "STI" : events.movSsShadow() ? "MOV SS" : "-";
    }
}
