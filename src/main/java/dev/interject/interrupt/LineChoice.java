package dev.interject.interrupt;

import java.util.List;
import java.util.Optional;

/** Checks whether a line may be driven, and chooses a free one. */
public final class LineChoice {

    /** The order in which free lines are picked: 9 last, since ACPI machines use it for the SCI. */
    private static final List<Integer> PREFERRED = List.of(10, 11, 9);

    private final List<LineClaim> claims;
    private final int count;

    /**
     * @param claims the lines that devices of this machine drive
     * @param count  how many lines the guest's controllers have: 16 with the 8259s, 24 with an IOAPIC
     */
    public LineChoice(List<LineClaim> claims, int count) {
        this.claims = List.copyOf(claims);
        this.count = count;
    }

    /**
     * A free line of 9, 10, 11 that no device of this machine drives.
     *
     * @throws IllegalStateException if devices drive all three
     */
    public int pickFree() {
        return PREFERRED.stream()
                .filter(line -> owner(line).isEmpty())
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("lines 9, 10 and 11 all belong to devices of this machine"));
    }

    /** Why this line must not be driven with this trigger; empty if it may. */
    public Optional<String> refusal(int line, Trigger trigger) {
        if (!exists(line)) {
            return Optional.of("there is no line %d: the guest's %s lines 0 to %d".formatted(line,
                    hasIoapic() ? "IOAPIC has" : "8259s have", count - 1));
        }
        if (hasIoapic()) {
            return Optional.empty(); // the rest is about the 8259s' inputs
        }
        Optional<String> owner = owner(line);
        if (owner.isPresent()) {
            return Optional.of("line %d belongs to %s of this machine; use 9, 10 or 11".formatted(line, owner.get()));
        }
        if (trigger == Trigger.LEVEL && IsaLine.exists(line) && !IsaLine.of(line).canBeLevel()) {
            return Optional.of("line %d cannot be level triggered: a PC's ELCR fixes 0, 1, 2, 8 and 13 as edge"
                    .formatted(line));
        }
        return Optional.empty();
    }

    /** Whether the guest's controllers have this line. */
    public boolean exists(int line) {
        return line >= 0 && line < count;
    }

    private boolean hasIoapic() {
        return count > IsaLine.values().length;
    }

    /** A warning about a line that a PC uses for something else; empty for a free one. */
    public Optional<String> warning(int line) {
        if (!IsaLine.exists(line) || IsaLine.of(line).isFree()) {
            return Optional.empty();
        }
        return Optional.of("line %d usually belongs to %s on a PC; 9, 10 and 11 are free"
                .formatted(line, IsaLine.of(line).use()));
    }

    private Optional<String> owner(int line) {
        return claims.stream().filter(claim -> claim.line() == line).map(LineClaim::owner).findFirst();
    }
}
