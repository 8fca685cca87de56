package dev.interject.experiment.suite;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.experiment.boot.PostMortem;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MsiMessage;

/** Says where a guest stands that does not end, and what holds an interrupt that is pending or may come. */
final class Standstill {

    private static final int MOST_HELD = 3;
    private static final int MOST_VCPUS = 4;

    private Standstill() {}

    /** Where each vCPU is. */
    static String places(List<PostMortem> vcpus) {
        return vcpus.stream().limit(MOST_VCPUS).map(Standstill::place).collect(Collectors.joining("; "));
    }

    /** Where each vCPU is, what holds the interrupts that are pending, and which ones lack their EOI. */
    static String describe(List<PostMortem> vcpus) {
        String held = vcpus.stream()
                .flatMap(vcpu -> held(vcpu.state()))
                .limit(MOST_HELD)
                .collect(Collectors.joining("; "));
        return places(vcpus) + "; " + (held.isEmpty() ? "no interrupt is pending" : held) + inService(vcpus);
    }

    /** What lacks its EOI, and so keeps others of its priority and below from the CPU. */
    private static String inService(List<PostMortem> vcpus) {
        return vcpus.stream()
                .flatMap(vcpu -> Stream.concat(linesInService(vcpu.state()), vectorsInService(vcpu.state())))
                .limit(MOST_HELD)
                .map("; %s: no EOI yet"::formatted)
                .collect(Collectors.joining());
    }

    private static Stream<String> linesInService(GuestState state) {
        return lines(state).filter(state.controllers()::isInService)
                .mapToObj(line -> "line %d is in service at the %s 8259 (ISR 0x%02x)".formatted(line,
                        line < ControllerState.LINES_PER_PIC ? "master" : "slave",
                        state.controllers().chip(line).isr()));
    }

    private static Stream<String> vectorsInService(GuestState state) {
        return state.controllers()
                .lapic()
                .stream()
                .flatMap(lapic -> lapic.inService().stream())
                .map("vector 0x%02x is in service at the LAPIC"::formatted);
    }

    private static String place(PostMortem vcpu) {
        GuestState state = vcpu.state();
        return "vCPU %d is at 0x%x%s, IF = %d%s".formatted(state.vcpu(), state.cpu().registers().rip(),
                vcpu.place().isEmpty() ? "" : " (" + vcpu.place() + ")",
                state.cpu().registers().interruptFlag() ? 1 : 0, state.cpu().halted() ? ", asleep in HLT" : "");
    }

    /** The 8259s interrupt the first vCPU only. */
    private static IntStream lines(GuestState state) {
        return state.vcpu() == 0 ? IntStream.range(0, 2 * ControllerState.LINES_PER_PIC) : IntStream.empty();
    }

    private static Stream<String> held(GuestState state) {
        Stream<String> lines = lines(state).filter(state.controllers()::isPending)
                .mapToObj(line -> holder(state, seen -> ofLine(seen, line)).map(gate -> held("line " + line, gate)))
                .flatMap(Optional::stream);
        return Stream.concat(lines, state.controllers().lapic().stream().flatMap(lapic -> heldByLapic(state, lapic)));
    }

    private static Stream<String> heldByLapic(GuestState state, LapicRegisters lapic) {
        return lapic.requested()
                .stream()
                .flatMap(vector -> holder(state, seen -> Gates.ofMessage(seen, Route.MSI,
                        MsiMessage.fixed(lapic.id(), vector)))
                        .map(gate -> held("vector 0x%02x".formatted(vector), gate))
                        .stream());
    }

    private static GatePath ofLine(GuestState state, int line) {
        return state.irqchip() == Irqchip.KERNEL
                ? Gates.ofKernelLine(state, Route.LINE, line, Trigger.EDGE)
                : Gates.ofUserspaceLine(state, line, Trigger.EDGE);
    }

    private static String held(String what, Gate gate) {
        return "%s is held at %s (%s): %s".formatted(what, gate.place(), gate.evidence(), gate.meaning());
    }

    /**
     * The gate that holds a pending interrupt at the vCPU that it is addressed to: another one like it would meet that
     * gate, or merge with it.
     */
    private static Optional<Gate> holder(GuestState state, Function<GuestState, GatePath> model) {
        GuestState seen = IntStream.range(0, state.vcpus())
                .mapToObj(state::seenBy)
                .filter(other -> model.apply(other).isAddressed())
                .findFirst()
                .orElse(state);
        Prediction prediction = HostDepartures.gates(seen, model).prediction();
        return switch (prediction.fate()) {
            case MERGES -> prediction.heldBy();
            case WAITS, DROPPED, MISROUTED, BREAKS -> prediction.because();
            case TAKEN, UNKNOWN -> Optional.empty();
        };
    }
}
