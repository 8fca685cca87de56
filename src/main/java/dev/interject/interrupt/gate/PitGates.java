package dev.interject.interrupt.gate;

import java.util.ArrayList;
import java.util.List;

import dev.interject.device.PitChannel;
import dev.interject.device.PitState;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.LapicRegisters;

/** The gates of the kernel's PIT, whose channel 0 pulses line 0 at each tick. */
final class PitGates {

    private static final int LINE = 0;
    private static final int HARDWARE_RETRIGGERABLE_ONE_SHOT = 1;
    private static final int RATE_GENERATOR = 2;
    private static final int SQUARE_WAVE = 3;
    private static final int HARDWARE_TRIGGERED_STROBE = 5;
    private static final int HPET_LEGACY = 1;
    /** KVM's {@code write_state} between the two bytes of a count. */
    private static final int HIGH_BYTE_TO_COME = 4;
    private static final int FREQUENCY = 1_193_182;
    private static final long NANOS = 1_000_000_000;
    private static final long SHORTEST_PERIOD = 200_000;

    private static final String PLACE = "PIT, channel 0";
    private static final String ARM = "have the guest write a control word with mode 2 to port 0x43, and a count to"
            + " port 0x40";
    private static final String ONE_SHOT = "KVM does not show whether the count has run out, as a read-back command"
            + " does (8254 data sheet, \"Read-Back Command\"): if it has, nothing ticks";
    private static final String LARGEST = "KVM shows the same for a control word without a count, with which an 8254"
            + " does not count (data sheet, \"Programming the 8254\")";
    private static final String DECIMAL =
            "KVM counts in binary nevertheless (8254 data sheet, \"Control Word Format\", BCD)";
    private static final String CLAMPED = "KVM makes a period of less than 200 us longer (its module parameter"
            + " min_timer_period_us); an 8254 does not (data sheet, \"Mode Definitions\")";

    private PitGates() {}

    static GatePath of(GuestState state, Request request) {
        List<Gate> gates = new ArrayList<>();
        String call = request.request(state.irqchip());
        if (state.controllers().pit().isEmpty() && !state.lacks(Piece.PIT)) {
            boolean isPossible = state.irqchip() == Irqchip.KERNEL;
            gates.add(Gate.misrouted(GateKind.REQUEST, call, "irqchip " + state.irqchip(),
                    isPossible ? "this machine has no PIT" : "a PIT needs the PIC in the kernel (ENOENT)",
                    isPossible ? "use guest pit" : "use irqchip kernel"));
            return GatePath.endingAt(gates);
        }
        gates.add(Gate.open(GateKind.REQUEST, call, "line " + LINE, "the PIT pulses it in the kernel"));
        gates.add(state.controllers()
                .pit()
                .map(PitGates::channel)
                .orElseGet(() -> Gate.unknown(GateKind.PIT, PLACE, Piece.PIT)));
        GatePath path = RouteGates.of(gates, state, LINE, Trigger.EDGE, request.takesNmis());
        List<Branch> branches = new ArrayList<>(path.branches().stream().map(PitGates::withTicksKept).toList());
        addNmi(branches, state);
        return new GatePath(path.entry(), branches);
    }

    private static Gate channel(PitState pit) {
        PitChannel channel = pit.timer();
        String evidence = evidence(channel);
        if ((pit.flags() & HPET_LEGACY) != 0) {
            return Gate.holds(GateKind.PIT, PLACE, evidence + ", KVM_PIT_FLAGS_HPET_LEGACY",
                    "an HPET has taken its place: KVM has stopped it",
                    "clear KVM_PIT_FLAGS_HPET_LEGACY (KVM_SET_PIT2)");
        }
        if (channel.mode() == PitChannel.NO_MODE) {
            return Gate.holds(GateKind.PIT, PLACE, evidence, "the guest has not armed it", ARM);
        }
        if (channel.mode() == HARDWARE_TRIGGERED_STROBE) {
            return Gate.holds(GateKind.PIT, PLACE, evidence,
                    "mode 5 waits for GATE to rise, and KVM does not start it at all", ARM);
        }
        if (channel.access().writeState() == HIGH_BYTE_TO_COME && channel.count() == PitChannel.LARGEST_COUNT) {
            return Gate.holds(GateKind.PIT, PLACE, evidence, "the guest has written only the low byte of its count",
                    "have the guest write the high byte to port 0x40");
        }
        if (!channel.gate()) {
            return notPortable(evidence, "KVM ignores GATE, and an 8254 does not count while it is low",
                    "set GATE (KVM_SET_PIT2); in a PC it is always high");
        }
        if (channel.mode() == HARDWARE_RETRIGGERABLE_ONE_SHOT) {
            return notPortable(evidence, "KVM starts mode 1 by the count, and an 8254 waits for GATE to rise", ARM);
        }
        if (isPeriodic(channel) && channel.count() == 1) {
            return notPortable(evidence, "a count of 1 is illegal in modes 2 and 3", "have the guest write 2 or more");
        }
        return Gate.open(GateKind.PIT, PLACE, evidence,
                isPeriodic(channel) ? "it ticks each time the count has run out"
                        : "it ticks once, when the count has run out")
                .withDeparture(departure(channel));
    }

    private static Gate notPortable(String evidence, String meaning, String fix) {
        return Gate.of(Verdict.NOT_PORTABLE, GateKind.PIT, PLACE, evidence, meaning, fix);
    }

    private static String evidence(PitChannel channel) {
        if (channel.mode() == PitChannel.NO_MODE) {
            return "no mode, GATE %s".formatted(channel.gate() ? "high" : "low");
        }
        return "mode %d, count %d%s, GATE %s".formatted(channel.mode(), channel.count(),
                channel.bcd() ? " in BCD" : "", channel.gate() ? "high" : "low");
    }

    private static String departure(PitChannel channel) {
        if (!isPeriodic(channel)) {
            return ONE_SHOT;
        }
        if (channel.count() == PitChannel.LARGEST_COUNT) {
            return LARGEST;
        }
        if (channel.bcd()) {
            return DECIMAL;
        }
        return channel.count() * NANOS / FREQUENCY < SHORTEST_PERIOD ? CLAMPED : "";
    }

    private static boolean isPeriodic(PitChannel channel) {
        return channel.mode() == RATE_GENERATOR || channel.mode() == SQUARE_WAVE;
    }

    /** While a tick is not acknowledged, KVM keeps the next ones (KVM_REINJECT_CONTROL) and merges none. */
    private static Branch withTicksKept(Branch branch) {
        List<Gate> gates = branch.gates()
                .stream()
                .map(gate -> gate.verdict() != Verdict.COALESCES ? gate
                        : Gate.holds(gate.kind(), gate.place(), gate.evidence(),
                                "a tick is pending already: KVM keeps the next ones until the guest acknowledges it",
                                gate.fix()))
                .toList();
        return new Branch(branch.input(), branch.to(), branch.vector(), gates);
    }

    /** KVM leads each tick to LINT0 as well if that is for NMIs: a watchdog. A guest that has a PIT expects no NMI. */
    private static void addNmi(List<Branch> branches, GuestState state) {
        LapicRegisters lapic = state.controllers().lapic().orElseThrow();
        if (lapic.makesNmisOfLint0() && ApicGates.isOn(state)) {
            List<Gate> gates = new ArrayList<>();
            gates.add(Gate.open(GateKind.LVT0, "LAPIC, LVT0", "0x%05x".formatted(lapic.lint0()),
                    "NMI, not masked: each tick of the PIT is an NMI"));
            CpuGates.addActivity(gates, state);
            CpuGates.addNmi(gates, state, false);
            branches.add(new Branch(Input.lapic(), new BranchTarget(state.vcpu(), branches.size(), false),
                    CpuGates.NMI_VECTOR, gates));
        }
    }
}
