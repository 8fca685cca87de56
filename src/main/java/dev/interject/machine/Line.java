package dev.interject.machine;

import java.util.List;

import dev.interject.device.pc.LineOutput;
import dev.interject.interrupt.inject.Injector;

/**
 * An interrupt line of a machine, connected to all controllers that have it. To be used by one thread at a time.
 *
 * <p>Each method returns the status of the controllers: below 0 the line was ignored, 0 the interrupt coalesced with
 * one that was pending, above 0 it was accepted.
 */
public final class Line {

    private final List<Injector> edges;
    private final List<Injector> levels;

    /** An injector for each controller, once for pulses and once for levels. */
    Line(List<Injector> edges, List<Injector> levels) {
        this.edges = edges;
        this.levels = levels;
    }

    /** Raises the line and lowers it: an edge-triggered interrupt. */
    public int pulse() {
        return inject(edges);
    }

    /** Raises the line and leaves it high: a level-triggered interrupt. */
    public int raise() {
        return inject(levels);
    }

    /** Lowers the line after {@link #raise}. */
    public void lower() {
        levels.forEach(Injector::release);
    }

    /** The line as a device drives it. */
    LineOutput output() {
        return new LineOutput() {
            @Override
            public void set(boolean high) {
                if (high) {
                    raise();
                } else {
                    lower();
                }
            }

            @Override
            public void pulse() {
                Line.this.pulse();
            }
        };
    }

    private static int inject(List<Injector> injectors) {
        return injectors.stream().mapToInt(Injector::inject).max().orElseThrow();
    }
}
