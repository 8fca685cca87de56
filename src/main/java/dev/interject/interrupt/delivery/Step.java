package dev.interject.interrupt.delivery;

import java.util.Optional;

/**
 * A step of a delivery.
 *
 * @param place    what the CPU reads or writes, such as {@code stack, RSP}
 * @param evidence its state
 * @param meaning  what a successful step means
 * @param failure  why it fails; empty if it does not
 */
public record Step(StepKind kind, String place, String evidence, String meaning, Optional<Failure> failure) {

    static Step of(StepKind kind, String place, String evidence, String meaning, Optional<? extends Failure> failure) {
        return new Step(kind, place, evidence, meaning, failure.map(it -> it));
    }
}
