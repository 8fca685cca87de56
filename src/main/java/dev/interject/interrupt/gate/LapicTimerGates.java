package dev.interject.interrupt.gate;

import java.util.List;

import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.LapicTimerMode;

/** The gates of a LAPIC's timer. */
final class LapicTimerGates {

    private static final String PLACE = "LAPIC, timer";
    private static final String LVT_PLACE = "LAPIC, LVT timer";

    private LapicTimerGates() {}

    /** @return the vector in the LVT timer register; -1 if the state lacks it */
    static int add(List<Gate> gates, GuestState state) {
        if (state.lacks(Piece.LAPIC_TIMER)) {
            gates.add(Gate.unknown(GateKind.TIMER, PLACE, Piece.LAPIC_TIMER));
            return GatePath.NO_VECTOR;
        }
        LapicRegisters lapic = state.controllers().lapic().orElseThrow();
        gates.add(lapic.timerMode() == LapicTimerMode.DEADLINE
                ? deadline(state.controllers().deadline()).unless(state, Piece.DEADLINE)
                : count(lapic));
        gates.add(entry(lapic));
        ApicGates.addVector(gates, state, lapic.timerVector());
        return lapic.timerVector();
    }

    private static Gate deadline(long deadline) {
        String evidence = "IA32_TSC_DEADLINE 0x%x".formatted(deadline);
        return deadline != 0 ? Gate.open(GateKind.TIMER, PLACE, evidence, "the timer is armed")
                : Gate.holds(GateKind.TIMER, PLACE, evidence,
                        "the guest has not armed the timer; an initial count does nothing in TSC-deadline mode",
                        "have the guest write IA32_TSC_DEADLINE (MSR 0x6e0)");
    }

    /** The current count stays 0 once a count has run out and nothing has reloaded it (SDM vol. 3A, "APIC Timer"). */
    private static Gate count(LapicRegisters lapic) {
        int initial = lapic.timerInitialCount();
        int current = lapic.timerCurrentCount();
        String evidence = "initial count 0x%x, current 0x%x".formatted(initial, current);
        if (initial != 0 && current != 0) {
            return Gate.open(GateKind.TIMER, PLACE, evidence, "the timer counts down");
        }
        String write = "have the guest write the initial-count register (offset 0x380)";
        if (lapic.timerMode() == LapicTimerMode.RESERVED) {
            return Gate.holds(GateKind.TIMER, PLACE, evidence, "the mode is reserved, and the timer does not count",
                    "have the guest set bits 18:17 of the LVT timer register to 0 (one-shot) or 1 (periodic); then "
                            + write);
        }
        return Gate.holds(GateKind.TIMER, PLACE, evidence,
                initial == 0 ? "the guest has not armed the timer" : "the timer has expired: it ticks once", write);
    }

    private static Gate entry(LapicRegisters lapic) {
        String evidence = "0x%05x".formatted(lapic.timer());
        return lapic.isTimerMasked()
                ? Gate.drops(GateKind.LVT_TIMER, LVT_PLACE, evidence, "masked: its ticks are dropped",
                        (lapic.isSoftwareEnabled() ? "" : "have the guest enable its LAPIC (SVR bit 8); then ")
                                + "have the guest clear bit 16 of the LVT timer register")
                : Gate.open(GateKind.LVT_TIMER, LVT_PLACE, evidence,
                        "%s, vector 0x%02x".formatted(lapic.timerMode(), lapic.timerVector()));
    }
}
