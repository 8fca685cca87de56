package dev.interject.interrupt.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.state.CpuState;

/**
 * Where a failure leads: each fault is delivered, until a handler runs or the guest ends (Intel SDM vol. 3A,
 * "Interrupt 8—Double Fault Exception (#DF)", table "Conditions for Generating a Double Fault").
 *
 * @param faults  those that are raised, in order, with the double fault
 * @param end     how it ends
 * @param entered the kind of the gate by which the first handler is entered, which may fault as well; empty if none is
 */
public record Consequence(List<CpuFault> faults, End end, Optional<GateType> entered) {

    /** How a chain of faults ends. */
    public enum End {
        /** The handler of the last fault runs. */
        HANDLED,
        /** A fault during the delivery of the double fault: the CPU shuts down, and KVM ends the guest. */
        TRIPLE_FAULT,
        /** A handler faults at its first instruction, and so does the handler of that fault, without end. */
        ENDLESS,
        /** No exception reports it. */
        NO_EXCEPTION,
        /** The state lacks what decides it. */
        UNKNOWN
    }

    public Consequence {
        faults = List.copyOf(faults);
    }

    /**
     * What follows from a failure.
     *
     * @param at     where the CPU is when it fails
     * @param during the exception whose delivery fails; empty for an interrupt, or if nothing is being delivered
     */
    static Consequence of(CpuState cpu, Failure failure, Context at, OptionalInt during) {
        return new Chain(cpu).of(failure, at, during);
    }

    /** What follows from the failure of a delivery by the manuals; empty if it succeeds. */
    public static Optional<Consequence> of(Delivery delivery) {
        return delivery.firstThatFails().flatMap(delivery::consequence);
    }

    /** What follows from the failure of a handler's IRET; empty if it succeeds. */
    public static Optional<Consequence> of(Return iret) {
        return iret.firstThatFails().flatMap(iret::consequence);
    }

    Consequence with(ErrorCodes codes) {
        return new Consequence(faults.stream().map(codes::of).toList(), end, entered);
    }

    /** The vector whose handler runs in the end; empty if none does. */
    public Optional<Integer> handledBy() {
        return end == End.HANDLED ? Optional.of(faults.getLast().vector()) : Optional.empty();
    }

    /** What follows the first fault, as the end of a sentence; empty if nothing is to be said. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < faults.size(); i++) {
            CpuFault fault = faults.get(i);
            text.append(fault.vector() == CpuException.DOUBLE_FAULT ? ", so #DF follows"
                    : "; delivering %s raises %s".formatted(CpuException.mnemonic(faults.get(i - 1).vector()),
                            fault.name()));
        }
        return text + switch (end) {
            case HANDLED -> "; the handler of %s runs".formatted(CpuException.mnemonic(faults.getLast().vector()));
            case TRIPLE_FAULT -> ": a triple fault";
            case ENDLESS -> "; its handler faults likewise, and so on";
            case NO_EXCEPTION -> "";
            case UNKNOWN -> faults.isEmpty() ? "" : "; what follows is not known";
        };
    }

    /** Delivers faults until one succeeds. */
    private record Chain(CpuState cpu, List<CpuFault> faults) {

        Chain(CpuState cpu) {
            this(cpu, new ArrayList<>());
        }

        Consequence of(Failure first, Context at, OptionalInt delivered) {
            Failure failure = first;
            Context context = at;
            OptionalInt during = delivered;
            List<Integer> entered = new ArrayList<>();
            Optional<GateType> gate = Optional.empty();
            while (failure instanceof CpuFault raised) {
                faults.add(raised);
                if (during.isPresent() && during.getAsInt() == CpuException.DOUBLE_FAULT) {
                    return new Consequence(faults, End.TRIPLE_FAULT, gate);
                }
                if (during.isPresent() && CpuException.isDouble(during.getAsInt(), raised.vector())) {
                    faults.add(CpuFault.ofDouble(context.mode()));
                }
                int vector = faults.getLast().vector();
                Delivery delivery = Delivery.ofException(cpu, context, vector);
                if (delivery.failure().isEmpty()) {
                    return new Consequence(faults, End.HANDLED, gate.or(() -> Optional.of(delivery.gate())));
                }
                if (delivery.failsAfterEntry() && entered.contains(vector)) {
                    return new Consequence(faults, End.ENDLESS, gate);
                }
                if (delivery.failsAfterEntry()) {
                    entered.add(vector);
                    gate = gate.or(() -> Optional.of(delivery.gate()));
                    context = delivery.handler();
                }
                during = delivery.failsAfterEntry() ? OptionalInt.empty() : OptionalInt.of(vector);
                failure = delivery.failure().get();
            }
            return new Consequence(faults, failure instanceof Failure.Unknown ? End.UNKNOWN : End.NO_EXCEPTION, gate);
        }
    }
}
