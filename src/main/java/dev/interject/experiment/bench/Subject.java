package dev.interject.experiment.bench;

import java.util.ArrayList;
import java.util.List;

import dev.interject.guest.BenchGuest;
import dev.interject.interrupt.Irqchip;

/** What is measured in one go: a way, how, and what the vCPU does meanwhile. */
public record Subject(BenchPath way, Measure measure, Load load) {

    private static final int COMPILED_AFTER = 500;
    private static final int VMS_UNTIL_WARM = 50;

    /** All that the plan asks for. */
    static List<Subject> of(BenchPlan plan) {
        List<Subject> subjects = new ArrayList<>();
        List<BenchPath> ways = BenchPath.all().stream().filter(plan::includes).toList();
        for (BenchPath way : ways) {
            subjects.add(new Subject(way, Measure.LATENCY, Load.HALTED));
            subjects.add(new Subject(way, Measure.LATENCY, Load.BUSY));
            subjects.add(new Subject(way, Measure.THROUGHPUT, Load.HALTED));
            subjects.add(new Subject(way, Measure.START, Load.HALTED));
        }
        for (Irqchip irqchip : Irqchip.values()) {
            ways.stream().filter(way -> kicks(way, irqchip)).findFirst().ifPresent(way -> {
                subjects.add(new Subject(way, Measure.KICK, Load.HALTED));
                subjects.add(new Subject(way, Measure.KICK, Load.BUSY));
                if (way.path().isQueuedInUserSpace()) {
                    subjects.add(new Subject(way, Measure.WINDOW, Load.BUSY));
                }
            });
        }
        return subjects.stream()
                .filter(subject -> plan.measures().contains(subject.measure()))
                .filter(subject -> plan.load().map(only -> subject.load() == only).orElse(true))
                .toList();
    }

    /** Kick and window belong to a vCPU, not to a path: one way of each irqchip stands for all. */
    private static boolean kicks(BenchPath way, Irqchip irqchip) {
        return way.irqchip() == irqchip && way.guest() == BenchGuest.PIC;
    }

    /** The name of the guest image. */
    String image() {
        return switch (measure) {
            case LATENCY, KICK, START -> load == Load.BUSY ? way.guest().busy() : way.guest().halted();
            case THROUGHPUT -> way.guest().quiet();
            case WINDOW -> BenchGuest.CLOSED;
        };
    }

    /** How many turns its first round has at least: the quick compiler wants to have seen a new path some 200 times. */
    int warmUpTurns() {
        return switch (measure) {
            case LATENCY -> load == Load.HALTED ? COMPILED_AFTER : 0;
            case START -> VMS_UNTIL_WARM;
            case THROUGHPUT, KICK, WINDOW -> 0;
        };
    }

    /** For a line of progress. */
    @Override
    public String toString() {
        return "%s, %s, %s".formatted(way, measure.label(), load.label());
    }
}
