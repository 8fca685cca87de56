package dev.interject.interrupt;

import java.util.stream.LongStream;

/**
 * What happened to every interrupt: {@code requested = refused + accepted} and
 * {@code accepted = taken + coalesced + held + unknown + lost}.
 *
 * <p>{@code extra} is in neither equation: it counts runs of the handlers that nothing requested, such as a level line
 * that interrupts again, or an interrupt that arrived at another vCPU than its target. The handlers ran
 * {@code taken + extra} times.
 *
 * @param requested how many were injected, or planned where the run was refused
 * @param refused   not accepted: refused by Interject's check, by the kernel with an error, or ignored by the
 *                  controllers
 * @param taken     the handler ran on the target vCPU, as the witness saw: see {@link Witness}
 * @param coalesced merged with an earlier one that was still pending
 * @param held      pending behind a gate
 * @param unknown   accepted and no longer pending, and no witness can tell whether the handler ran
 * @param extra     how often the handlers ran beyond what was requested
 */
public record Ledger(long requested, long refused, long taken, long coalesced, long held, long unknown,
        long extra) {

    /**
     * A ledger that adds up.
     *
     * @throws IllegalArgumentException if a number is negative, or more were accounted for than were requested
     */
    public Ledger {
        if (LongStream.of(requested, refused, taken, coalesced, held, unknown, extra).anyMatch(number -> number < 0)
                || requested - refused - taken - coalesced - held - unknown < 0) {
            throw new IllegalArgumentException(
                    ("the ledger does not add up: requested %d, refused %d, taken %d, coalesced %d, held %d,"
                            + " unknown %d, extra %d")
                            .formatted(requested, refused, taken, coalesced, held, unknown, extra));
        }
    }

    /** A ledger in which nothing is unknown. */
    public Ledger(long requested, long refused, long taken, long coalesced, long held, long extra) {
        this(requested, refused, taken, coalesced, held, 0, extra);
    }

    /** Nothing was requested. */
    public static Ledger none() {
        return new Ledger(0, 0, 0, 0, 0, 0);
    }

    /** This many were requested, and none was accepted. */
    public static Ledger refused(long count) {
        return new Ledger(count, count, 0, 0, 0, 0);
    }

    /** The sums of both. */
    public Ledger plus(Ledger other) {
        return new Ledger(requested + other.requested, refused + other.refused, taken + other.taken,
                coalesced + other.coalesced, held + other.held, unknown + other.unknown, extra + other.extra);
    }

    /** How many were accepted, 0 or more. */
    public long accepted() {
        return requested - refused;
    }

    /** How many of the accepted ones are unaccounted for, 0 or more: neither taken, coalesced nor held, nor unknown. */
    public long lost() {
        return accepted() - taken - coalesced - held - unknown;
    }

    /** Whether each one that was requested was taken, and nothing else. */
    public boolean allTaken() {
        return taken == requested && extra == 0;
    }
}
