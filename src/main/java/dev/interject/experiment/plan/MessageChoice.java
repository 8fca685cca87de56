package dev.interject.experiment.plan;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.interject.kvm.state.MsiMessage;

/**
 * What a message or an IPI consists of.
 *
 * @param address where a message is sent; empty: to the LAPIC of the target vCPU
 * @param data    all 32 bits of a message's data; empty: fixed and edge triggered
 * @param icr     all 64 bits of the ICR that vCPU 0 writes; empty: fixed, to the target vCPU
 */
public record MessageChoice(OptionalInt address, OptionalInt data, OptionalLong icr) {

    /** @throws IllegalArgumentException if a message and an IPI are given */
    public MessageChoice {
        requireNonNull(address, "address");
        requireNonNull(data, "data");
        if (requireNonNull(icr, "icr").isPresent() && (address.isPresent() || data.isPresent())) {
            throw new IllegalArgumentException("an ICR excludes the address and the data of a message");
        }
    }

    /** What suits the target vCPU. */
    public static MessageChoice usual() {
        return new MessageChoice(OptionalInt.empty(), OptionalInt.empty(), OptionalLong.empty());
    }

    /** The vCPU that the address names, if there is one with that APIC ID; otherwise the first. */
    int addressed(int vcpus) {
        return address.stream()
                .mapToObj(bits -> new MsiMessage(bits, 0))
                .filter(message -> !message.isLogical() && message.destination() < vcpus)
                .mapToInt(MsiMessage::destination)
                .findFirst()
                .orElse(0);
    }
}
