package dev.interject.interrupt.gate;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The gates of several injections, such as of several lines, in one state of the guest. */
public record GatePaths(List<GatePath> paths) {

    /** No state is known. */
    public static final GatePaths UNKNOWN = new GatePaths(List.of());

    public GatePaths {
        paths = List.copyOf(paths);
    }

    /** Those of the first injection. */
    public Optional<GatePath> first() {
        return paths.stream().findFirst();
    }

    /** See {@link GatePath#firstThatForbids}. */
    public Optional<Gate> firstThatForbids() {
        return paths.stream().flatMap(path -> path.firstThatForbids().stream()).findFirst();
    }

    /** Whether one of them is forbidden by a gate that does not open by waiting. */
    public boolean isForbiddenForever() {
        return paths.stream().anyMatch(GatePath::isForbiddenForever);
    }

    /** See {@link GatePath#firstThatMayOpen}. */
    public Optional<Gate> firstThatMayOpen() {
        return paths.stream().flatMap(path -> path.firstThatMayOpen().stream()).findFirst();
    }

    /** Why they cannot follow each other faster than the guest takes them; empty if they can. */
    public Optional<String> refusalOfStorm() {
        return paths.stream()
                .mapToInt(path -> path.targetVcpus().vcpus().size())
                .filter(takers -> takers > 1) // which of them coalesced can be told for one vCPU only
                .mapToObj("burst and rate need an interrupt for one vCPU, and this one is addressed to %d"::formatted)
                .findFirst();
    }

    /** The vector at which the first interrupts arrive; empty if it is not known. */
    public OptionalInt vector() {
        return paths.stream().filter(GatePath::leadsToAVector).mapToInt(GatePath::vector).findFirst();
    }
}
