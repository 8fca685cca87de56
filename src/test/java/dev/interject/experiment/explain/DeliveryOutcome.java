package dev.interject.experiment.explain;

import java.util.Optional;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.delivery.Consequence;
import dev.interject.interrupt.delivery.CpuFault;
import dev.interject.interrupt.delivery.Delivery;
import dev.interject.interrupt.delivery.ErrorCodes;
import dev.interject.interrupt.delivery.Return;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.HostRules;

/** What the model predicts, in the words of {@link ObservedGuest#outcome}. */
final class DeliveryOutcome {

    private DeliveryOutcome() {}

    /** @param rules those of the host */
    static String of(CpuState cpu, int vector, HostRules rules) {
        Delivery delivery = Delivery.ofInterrupt(cpu, vector);
        Optional<Consequence> consequence = delivery.failure().isPresent()
                ? Consequence.of(delivery)
                : Consequence.of(new Return(cpu, delivery, rules));
        return consequence.map(new ErrorCodes(rules, cpu.special().inLongMode())::of)
                .map(DeliveryOutcome::text)
                .orElse(ObservedGuest.TAKEN);
    }

    private static String text(Consequence consequence) {
        return switch (consequence.end()) {
            case HANDLED -> text(consequence.faults().getLast());
            case TRIPLE_FAULT -> ObservedGuest.TRIPLE_FAULT;
            case ENDLESS -> "faults without end";
            case NO_EXCEPTION -> "no exception";
            case UNKNOWN -> throw new AssertionError(consequence);
        };
    }

    private static String text(CpuFault last) {
        return "%s 0x%x".formatted(CpuException.mnemonic(last.vector()), last.errorCode().orElse(0));
    }
}
