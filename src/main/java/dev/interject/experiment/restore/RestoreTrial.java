package dev.interject.experiment.restore;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.restore.TrialResult.Kind;
import dev.interject.experiment.situation.Aftermath;
import dev.interject.experiment.situation.Counted;
import dev.interject.experiment.situation.Expected;
import dev.interject.experiment.situation.StagedGuest;
import dev.interject.experiment.situation.Staging;
import dev.interject.guest.BuiltinGuest;
import dev.interject.machine.snapshot.MsrBytes;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.PieceOrder;
import dev.interject.machine.snapshot.RefusedPieceException;
import dev.interject.machine.snapshot.SavedPiece;
import dev.interject.machine.vcpu.VcpuEnd;
import dev.interject.machine.vcpu.VcpuEndedException;

/** Restores a saved guest into a new machine, lets it run, and finds out what it takes. */
final class RestoreTrial {

    /** How late a timer may tick: far more than a busy host takes. */
    private static final long LATEST_NANOS = 1_000_000_000;
    /** How much earlier than due a one-shot timer may tick, whose count was not read together with the TSC. */
    private static final long EARLIEST_NANOS = -200_000;
    /** As many cycles as a host's counter takes minutes for. */
    private static final long FAR = 1L << 40;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final SavedGuest saved;
    private final PieceOrder order;
    private final Deadline deadline;
    private final Cancellation cancellation;

    /** @param deadline until when the guest must have come to rest */
    RestoreTrial(SavedGuest saved, PieceOrder order, Deadline deadline, Cancellation cancellation) {
        this.saved = saved;
        this.order = order;
        this.deadline = deadline;
        this.cancellation = cancellation;
    }

    /** Whether this host gives a restored guest the time-stamp counter that it was saved with. */
    static boolean hostSetsTsc(SavedGuest saved, Deadline deadline, Cancellation cancellation) {
        Optional<byte[]> content = saved.snapshot().content(Piece.TSC, 0);
        if (content.isEmpty()) {
            return false;
        }
        SortedMap<Integer, Long> far = MsrBytes.read(content.get());
        far.replaceAll((_, counter) -> counter + FAR);
        try (StagedGuest guest =
                StagedGuest.blank(saved.situation().staging(), saved.irqchip(), saved.snapshot().vcpus(), deadline,
                        cancellation)) {
            guest.restore(saved.snapshot().with(new SavedPiece(Piece.TSC, 0, MsrBytes.write(far))),
                    PieceOrder.recommended().only(List.of(Piece.CPUID, Piece.TSC_KHZ, Piece.TSC)));
            return guest.machine().transfer().timeStampCounter() - far.firstEntry().getValue() >= 0;
        } catch (RefusedPieceException refused) { // the trials say which piece
            return true;
        }
    }

    /**
     * @param compares whether the state is read again before the guest runs on, and compared
     * @param setsTsc  whether that includes the time-stamp counter
     */
    TrialResult carryOut(boolean compares, boolean setsTsc) {
        Staging staging = saved.situation().staging();
        long expected = expected();
        try (StagedGuest guest =
                StagedGuest.blank(staging, saved.irqchip(), saved.snapshot().vcpus(), deadline, cancellation)) {
            try {
                guest.restore(saved.snapshot(), order);
            } catch (RefusedPieceException refused) {
                return TrialResult.without(Kind.REFUSED, refused.getMessage(), expected);
            }
            guest.adopt(saved.raised(), saved.slower());
            List<String> differences = compares
                    ? StateDifference.between(saved.snapshot(), guest.machine().transfer().readBeforeStart(), setsTsc)
                    : List.of();
            OptionalLong due = due(guest);
            guest.run();
            return result(guest, Aftermath.of(guest), expected, due, differences);
        }
    }

    /** A timer that came due before the guest runs again ticks at once. */
    private OptionalLong due(StagedGuest guest) {
        return saved.due().isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(saved.due().getAsLong(), guest.machine().transfer().timeStampCounter()));
    }

    /** How many are still to be taken. */
    private long expected() {
        return saved.expected()
                .stream()
                .mapToLong(one -> one.times() - saved.counted().of(one.vcpu(), one.vector()))
                .sum();
    }

    private TrialResult result(StagedGuest guest, Aftermath after, long expected, OptionalLong due,
            List<String> differences) {
        List<Expected> all = saved.expected();
        if (guest.end().orElse(null) instanceof VcpuEnd.HostFailed failed) {
            throw new VcpuEndedException(failed);
        }
        Counted counted = after.counted();
        long fewer = 0;
        // a periodic timer can still tick while the guest stops it
        long more = counted.unexpectedSince(saved.counted(), all,
                saved.situation().staging().ticks() <= 1);
        long taken = 0;
        for (Expected one : all) {
            long times = counted.of(one.vcpu(), one.vector());
            fewer += Math.max(0, one.times() - times);
            more += Math.max(0, times - one.times());
            taken += times - saved.counted().of(one.vcpu(), one.vector());
        }
        OptionalLong late = late(guest, due, all.getFirst());
        Kind kind = kind(after, fewer, more, late);
        return new TrialResult(kind, detail(guest, kind, fewer, more, late), expected, Math.max(0, taken), fewer, more,
                late, differences);
    }

    private Kind kind(Aftermath after, long fewer, long more, OptionalLong late) {
        return switch (after.rest()) {
            case ENDED, OFF_CODE -> Kind.CRASHED;
            case OVER -> Kind.STUCK;
            case TIMER_OVERDUE -> Kind.LATE;
            case ASLEEP -> fewer > 0 ? Kind.LOST
                    : more > 0 ? Kind.DOUBLED
                            : late.isPresent() && late.getAsLong() < earliest() ? Kind.EARLY
                                    : late.isPresent() && late.getAsLong() > LATEST_NANOS ? Kind.LATE
                                            : after.misplaced() && !saved.anywhere() ? Kind.MISPLACED : Kind.KEPT;
        };
    }

    private long earliest() {
        return saved.snapshot().content(Piece.TSC_DEADLINE, 0).isPresent()
                && saved.situation().guest() == BuiltinGuest.DEADLINE ? 0 : EARLIEST_NANOS;
    }

    private OptionalLong late(StagedGuest guest, OptionalLong due, Expected tick) {
        if (due.isEmpty() || guest.end().isPresent()) {
            return OptionalLong.empty();
        }
        long entered = guest.machine().vcpu(tick.vcpu()).mailbox().enteredAt(tick.vector());
        long kilohertz = guest.boot().tscKilohertz().orElse(1_000_000);
        return entered == 0
                ? OptionalLong.empty()
                : OptionalLong.of((entered - due.getAsLong()) / kilohertz * NANOS_PER_MILLI
                        + (entered - due.getAsLong()) % kilohertz * NANOS_PER_MILLI / kilohertz);
    }

    private static String detail(StagedGuest guest, Kind kind, long fewer, long more, OptionalLong late) {
        return switch (kind) {
            case KEPT -> "";
            case LOST -> "%d lost".formatted(fewer);
            case DOUBLED -> "%d too many".formatted(more);
            case EARLY -> "%.3f ms before it was due".formatted(-late.getAsLong() / (double) NANOS_PER_MILLI);
            case LATE -> late.isPresent()
                    ? "%.3f ms after it was due".formatted(late.getAsLong() / (double) NANOS_PER_MILLI)
                    : "still armed long after it was due";
            case MISPLACED -> "taken before HLT";
            case CRASHED -> guest.end().map(VcpuEnd::describe).orElse("the guest executes what is not its code");
            case STUCK -> "the guest does not come to rest";
            case REFUSED -> throw new IllegalArgumentException("a guest that runs was restored");
        };
    }
}
