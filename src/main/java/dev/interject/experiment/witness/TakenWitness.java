package dev.interject.experiment.witness;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;

import dev.interject.interrupt.Witness;
import dev.interject.interrupt.route.Pending;

/** Sees from outside what the target vCPU takes. The vCPU is held before and after each call. */
sealed interface TakenWitness permits BreakpointWitness, ControllerWitness, CounterWitness {

    /** Who it is. */
    Witness who();

    /**
     * Injects, lets the guest run for a while, and looks.
     *
     * @param injection done on the vCPU's thread, with what is pending just before
     */
    Sighting inject(AwaitedInterrupt awaited, Consumer<Pending> injection, Duration time);

    /** Lets the guest run on for a while, and looks again. */
    Sighting look(AwaitedInterrupt awaited, Duration time);

    /** How often the handler was reached without an interrupt of the run; empty if that was not seen. */
    OptionalLong others();
}
