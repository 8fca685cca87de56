package dev.interject.interrupt;

/**
 * What became of every interrupt: requested = refused + accepted, and accepted = taken + coalesced + held + lost.
 *
 * @param requested how many were handed over, or were to be where the run was refused
 * @param refused   turned down: by Interject's check, by the kernel with an error, or ignored by the controllers
 * @param taken     the guest's handler ran, as the guest itself counted
 * @param coalesced merged with one of the same line that still waited
 * @param held      still wait behind a gate
 */
public record Ledger(long requested, long refused, long taken, long coalesced, long held) {

    /** Nothing was asked for. */
    public static Ledger none() {
        return new Ledger(0, 0, 0, 0, 0);
    }

    public Ledger plus(Ledger other) {
        return new Ledger(requested + other.requested, refused + other.refused, taken + other.taken,
                coalesced + other.coalesced, held + other.held);
    }

    public long accepted() {
        return requested - refused;
    }

    /** What is left of the accepted ones; 0, or something is wrong. Below 0: the guest took more than was requested. */
    public long lost() {
        return accepted() - taken - coalesced - held;
    }

    public boolean allTaken() {
        return taken == requested && lost() == 0;
    }
}
