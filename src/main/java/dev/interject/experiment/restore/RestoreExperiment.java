package dev.interject.experiment.restore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.PieceOrder;
import dev.interject.machine.vcpu.VcpuEnd;
import dev.interject.machine.vcpu.VcpuEndedException;

/** Saves guests in situations, restores them into new machines, and finds out what each took. */
public final class RestoreExperiment {

    /** A kernel waits for its readers when a VM is made and closed, so more guests than CPUs run at once. */
    private static final int GUESTS_PER_CPU = 3;
    /** How many times a change must go wrong: a busy host can make a timer late once. */
    private static final int CONFIRMATIONS = 3;
    /** As many instructions as a handler of a built-in guest has, with those around it. */
    private static final int STEPS = 80;
    /** How long a guest may take to come to rest, and how long where a shorter time was not enough. */
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Duration LONG_LIMIT = Duration.ofSeconds(10);

    private final RestorePlan plan;
    private final Cancellation cancellation;
    private final Deadline deadline;
    private final IntConsumer progress;
    private final List<String> hostNotes = new ArrayList<>();
    private Optional<Boolean> setsTsc = Optional.empty();
    private volatile boolean stopped;
    private final AtomicInteger tried = new AtomicInteger();

    private RestoreExperiment(RestorePlan plan, Cancellation cancellation, IntConsumer progress) {
        this.plan = plan;
        this.cancellation = cancellation;
        this.deadline = Deadline.after(plan.effectiveTimeout());
        this.progress = progress;
    }

    /**
     * Carries out a plan. If it ends early, the report has what was finished.
     *
     * @param progress receives how many guests were restored so far
     * @throws dev.interject.kvm.UnsupportedKvmException if this host's KVM lacks a capability
     */
    public static RestoreReport run(RestorePlan plan, Cancellation cancellation, IntConsumer progress) {
        return new RestoreExperiment(plan, cancellation, progress).run();
    }

    /**
     * Brings a guest into a situation, and saves it.
     *
     * @param  vcpus               how many it has at least, from 1
     * @throws EndedEarlyException if it does not get there
     */
    public static SavedGuest save(PendingSituation situation, Irqchip irqchip, int vcpus, Duration timeout,
            Cancellation cancellation) {
        Deadline deadline = Deadline.after(timeout);
        return SavedGuest.save(situation, irqchip, vcpus, 0, deadline, cancellation)
                .expecting(Expectation.of(situation, irqchip, vcpus, deadline, cancellation));
    }

    /**
     * Restores a guest that was saved, as often as the plan says, in the plan's order.
     *
     * @param plan with the guest's situation and irqchip
     * @throws dev.interject.kvm.UnsupportedKvmException if this host lacks what the guest's CPU has
     */
    public static RestoreReport restore(SavedGuest saved, RestorePlan plan, Cancellation cancellation,
            IntConsumer progress) {
        SavedCpu.require(saved.snapshot());
        return new RestoreExperiment(plan, cancellation, progress).restore(saved);
    }

    private RestoreReport restore(SavedGuest saved) {
        TrialResult result = null;
        int wrong = 0;
        Ending ending = Ending.allTaken();
        int tried = 0;
        try {
            for (; tried < plan.count(); tried++) {
                TrialResult next = trial(saved, plan.order(), LONG_LIMIT, true);
                wrong += next.isKept() ? 0 : 1;
                result = result == null || result.isKept() ? next : result;
            }
        } catch (EndedEarlyException | SystemCallException | VcpuEndedException failed) {
            ending = ending(failed);
        }
        List<RestoreRow> rows = result == null ? List.of()
                : List.of(new RestoreRow(saved.situation(), saved.irqchip(),
                        saved.at(), Optional.empty(), false, result, tried, wrong));
        return report(List.of(new RestorePart(rows, 0, saved.snapshot().kinds(), List.of())), ending);
    }

    private RestoreReport run() {
        List<RestorePart> parts = new ArrayList<>();
        List<PendingSituation> situations = situations();
        Ending ending = Ending.allTaken();
        int guests = plan.all() ? GUESTS_PER_CPU * Runtime.getRuntime().availableProcessors() : 1;
        try (ExecutorService threads = Executors.newFixedThreadPool(guests, Thread.ofPlatform()
                .daemon()
                .name("guest-", 0)
                .factory())) {
            List<Future<RestorePart>> all = new ArrayList<>();
            for (PendingSituation situation : situations) {
                for (Irqchip irqchip : Irqchip.values()) {
                    if (plan.irqchips().contains(irqchip) && situation.irqchips().contains(irqchip)) {
                        all.add(threads.submit(() -> part(situation, irqchip)));
                    }
                }
            }
            try {
                for (Future<RestorePart> part : all) {
                    parts.add(part.get());
                }
            } catch (ExecutionException failed) {
                stopped = true; // the others end with their next guest
                ending = ending(failed.getCause());
            } catch (InterruptedException interrupted) {
                stopped = true;
                Thread.currentThread().interrupt();
                ending = Ending.of(Outcome.INTERRUPTED, "interrupted");
            }
            all.stream()
                    .skip(parts.size())
                    .filter(part -> part.state() == Future.State.SUCCESS)
                    .forEach(part -> parts.add(part.resultNow()));
        }
        return report(parts, ending);
    }

    /** Without those that show nothing on this host. */
    private List<PendingSituation> situations() {
        List<PendingSituation> needing = plan.situations().stream().filter(one -> one.staging().needsEoi()).toList();
        if (needing.isEmpty() || !(ConformanceProbe.LAPIC_IN_SERVICE.probe() instanceof Finding.Departs departs)) {
            return plan.situations();
        }
        needing.forEach(one -> hostNotes.add("%s is left out: on this host the LAPIC keeps no interrupt in service (%s)"
                .formatted(one, departs.evidence())));
        return plan.situations().stream().filter(one -> !needing.contains(one)).toList();
    }

    private static Ending ending(Throwable failed) {
        return switch (failed) {
            case EndedEarlyException early -> early.ending();
            case SystemCallException call -> Ending.hostFailed(call);
            case VcpuEndedException ended -> Ending.of(ended.end());
            case RuntimeException other -> throw other;
            case Error error -> throw error;
            default -> throw new IllegalStateException(failed);
        };
    }

    private RestoreReport report(List<RestorePart> parts, Ending ending) {
        List<RestoreRow> rows = parts.stream().flatMap(part -> part.rows().stream()).toList();
        int changes = parts.stream().mapToInt(RestorePart::changes).sum();
        Set<String> notes = new LinkedHashSet<>(hostNotes);
        parts.forEach(part -> notes.addAll(part.notes()));
        List<Piece> leftOut = parts.stream()
                .flatMap(part -> part.pieces().stream())
                .filter(piece -> !plan.order().pieces().contains(piece))
                .distinct()
                .sorted()
                .toList();
        Ending end = ending.outcome() == Outcome.TAKEN ? ending(rows) : ending;
        return new RestoreReport(plan, rows, changes, Requirement.of(rows), leftOut, List.copyOf(notes), end);
    }

    /** What the rows show, if there are all. */
    private static Ending ending(List<RestoreRow> rows) {
        if (rows.isEmpty()) {
            return Ending.of(Outcome.HOST_UNABLE, "no situation shows anything on this host");
        }
        List<RestoreRow> unchanged = rows.stream().filter(row -> row.change().isEmpty()).toList();
        List<RestoreRow> wrong = unchanged.stream().filter(row -> !row.isKept()).toList();
        return wrong.isEmpty()
                ? Ending.allTaken()
                : Ending.of(Outcome.NOT_TAKEN, "%d of %d situations were not kept: %s".formatted(wrong.size(),
                        unchanged.size(), wrong.getFirst().where()));
    }

    private RestorePart part(PendingSituation situation, Irqchip irqchip) {
        try {
            return shown(situation, irqchip);
        } catch (UnsupportedKvmException unsupported) {
            return RestorePart.leftOut(situation, unsupported);
        } catch (VcpuEndedException ended) { // it was found out on a vCPU's thread: breakpoints, for example
            if (ended.end() instanceof VcpuEnd.HostFailed(int _, UnsupportedKvmException unsupported)) {
                return RestorePart.leftOut(situation, unsupported);
            }
            throw ended;
        }
    }

    private RestorePart shown(PendingSituation situation, Irqchip irqchip) {
        Expectation expectation = Expectation.of(situation, irqchip, plan.vcpus(), deadline, cancellation);
        List<RestoreRow> rows = new ArrayList<>();
        SavedGuest first = save(situation, irqchip, 0, expectation);
        List<String> notes = new ArrayList<>(expectation.notes());
        if (!setsTsc(first)) {
            notes.add("this host does not set IA32_TSC: the guest's counter runs on while it is saved");
        }
        rows.add(plan.count() == 1 ? confirmed(first, Optional.empty(), plan.order()) : walk(first, expectation));
        int changes = 0;
        if (plan.all() && rows.getFirst().isKept()) { // otherwise every change would be wrong too
            PieceOrder order = plan.order().only(first.snapshot().kinds());
            changes = OrderChange.all(order).size();
            rows.addAll(new ChangedOrders(order, (change, changed) -> confirmed(first, change, changed)).wrong());
        }
        return new RestorePart(rows, changes, first.snapshot().kinds(), notes);
    }

    /** Asked once: it is the same in all situations. */
    private synchronized boolean setsTsc(SavedGuest saved) {
        if (setsTsc.isEmpty()) {
            setsTsc = Optional.of(RestoreTrial.hostSetsTsc(saved, deadline, cancellation));
        }
        return setsTsc.get();
    }

    private SavedGuest save(PendingSituation situation, Irqchip irqchip, int steps, Expectation expectation) {
        return SavedGuest.save(situation, irqchip, plan.vcpus(), steps, deadline, cancellation).expecting(expectation);
    }

    /** Each time from one instruction further on. */
    private RestoreRow walk(SavedGuest first, Expectation expectation) {
        TrialResult result = null;
        int wrong = 0;
        for (int i = 0; i < plan.count(); i++) {
            SavedGuest saved = i == 0 ? first : save(first.situation(), first.irqchip(), i % STEPS, expectation);
            TrialResult next = trial(saved, plan.order(), LONG_LIMIT, true);
            wrong += next.isKept() ? 0 : 1;
            result = result == null || result.isKept() ? next : result;
        }
        return new RestoreRow(first.situation(), first.irqchip(), first.at(), Optional.empty(), false, result,
                plan.count(), wrong);
    }

    /**
     * What goes wrong is tried again. A change of the order goes wrong if it does each time; without a change, an
     * interrupt that is lost once is lost, and only what a busy host can cause must happen each time.
     */
    private RestoreRow confirmed(SavedGuest saved, Optional<OrderChange> change, PieceOrder order) {
        TrialResult first = trial(saved, order, LIMIT, true);
        TrialResult result = first;
        int trials = 1;
        int wrong = result.isKept() ? 0 : 1;
        while (!result.isKept() && result.kind() != TrialResult.Kind.REFUSED && trials < CONFIRMATIONS) {
            result = trial(saved, order, LONG_LIMIT, true);
            trials++;
            wrong += result.isKept() ? 0 : 1;
        }
        boolean counts = !result.isKept() || change.isEmpty() && !first.kind().dependsOnTime();
        return new RestoreRow(saved.situation(), saved.irqchip(), saved.at(), change, false,
                counts && result.isKept() ? first : result, trials, counts ? wrong : 0);
    }

    private TrialResult trial(SavedGuest saved, PieceOrder order, Duration limit, boolean compares) {
        requireTime();
        boolean setsTsc = setsTsc(saved);
        TrialResult result =
                new RestoreTrial(saved, order, deadline.orAfter(limit), cancellation).carryOut(compares, setsTsc);
        if (result.kind() == TrialResult.Kind.STUCK) { // unless it was the user, or the time
            requireTime();
        }
        progress.accept(tried.incrementAndGet());
        return result;
    }

    private void requireTime() {
        if (cancellation.isRequested() || stopped) {
            throw new EndedEarlyException(Outcome.INTERRUPTED, "ended by the user");
        }
        if (deadline.isOver()) {
            throw new EndedEarlyException(Outcome.TIMED_OUT,
                    "the time is up after %,d restored guests".formatted(tried.get()));
        }
    }
}
