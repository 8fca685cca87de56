package dev.interject.experiment.explain;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.experiment.GuestPosition;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.interrupt.gate.Prediction;

/**
 * The way of one interrupt through a guest that is frozen.
 *
 * @param line     the line that would be pulled; empty where none would be
 * @param state    all that was looked at
 * @param standing where the guest stands
 * @param way      its gates, in order
 * @param departures where this host is known to depart from the manuals on this way, which the gates take into account
 * @param handler  the handler's symbol and offset; empty where the vector leads to none
 */
public record Explanation(ExplainPlan plan, OptionalInt line, GuestState state, GuestPosition standing, GatePath way,
        List<String> departures, Optional<String> handler) {

    /** What would become of it. */
    public Prediction prediction() {
        return way.prediction();
    }
}
