package dev.interject.experiment;

import java.util.OptionalInt;

import dev.interject.interrupt.Gates;
import dev.interject.interrupt.GuestState;
import dev.interject.interrupt.Injector;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.Verdict;
import dev.interject.interrupt.Way;
import dev.interject.machine.Machine;

/**
 * What is injected, with everything that the plan left open decided.
 *
 * @param line   the line that the guest opens, and that is pulled unless a vector is given
 * @param vector a vector given by number, or empty
 */
record Target(Path path, int line, OptionalInt vector, Trigger trigger) {

    /** Whether a line is pulled at all. */
    boolean pullsLine() {
        return vector.isEmpty();
    }

    /** The vector at which it is to arrive, once the guest has programmed its controllers. */
    int expectedVector(GuestState state) {
        return vector.orElseGet(() -> state.vectorOf(line));
    }

    Way way(GuestState state) {
        if (path == Path.LINE) {
            return Gates.ofKernelLine(state, line);
        }
        return pullsLine() && state.irqchip() != Irqchip.KERNEL
                ? Gates.ofUserspaceLine(state, line)
                : Gates.ofVector(state, expectedVector(state));
    }

    /** The injector for this target; one that ignores the window where a forced way needs that. */
    Injector injector(Machine machine, Way way, int expectedVector) {
        if (path == Path.LINE) {
            return machine.kernelLine(line, trigger);
        }
        boolean closed = way.has(Verdict.NOT_NOW) || machine.irqchip() == Irqchip.KERNEL;
        if (closed) {
            return machine.forcedVector(expectedVector);
        }
        return pullsLine() ? machine.userspaceLine(line, trigger) : machine.vector(expectedVector);
    }
}
