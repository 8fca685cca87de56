package dev.interject.experiment.explain;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.experiment.GuestPosition;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.state.GuestState;

/**
 * What each gate would do to one interrupt for a frozen guest.
 *
 * @param line       the line that would be pulled; empty on paths without one
 * @param state      the whole state that was read
 * @param position   where the guest is
 * @param gates      the gates in the order in which the interrupt meets them
 * @param departures how this host departs from the manuals on this path, as far as the gates depend on it
 * @param settingNotes what KVM made of settings that it changed
 * @param expectsNmis whether the guest's handler of vector 2 is one for NMIs
 * @param handler    the handler's symbol and offset, or its address; empty if the vector leads to none
 */
public record Explanation(ExplainedInterrupt interrupt, OptionalInt line, GuestState state, GuestPosition position,
        GatePath gates, List<String> departures, List<String> settingNotes, boolean expectsNmis,
        Optional<String> handler) {

    /** What would happen to the interrupt. */
    public Prediction prediction() {
        return gates.prediction();
    }
}
