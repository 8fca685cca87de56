package dev.interject.experiment.bench;

import java.util.ArrayList;
import java.util.List;

import dev.interject.guest.BenchGuest;
import dev.interject.interrupt.Irqchip;

/** What one row measures: a path, a measure, and the state of the vCPU. */
public record Subject(BenchPath path, Measure measure, Load load) {

    private static final int COMPILED_AFTER = 500;
    private static final int VMS_UNTIL_WARM = 50;
    /** A turn reads and writes each piece once; C2 has compiled that by then. */
    private static final int RESTORES_UNTIL_WARM = 1000;

    /** The subjects of a plan. */
    static List<Subject> of(BenchPlan plan) {
        List<Subject> subjects = new ArrayList<>();
        List<BenchPath> paths = BenchPath.all().stream().filter(plan::includes).toList();
        for (BenchPath path : paths) {
            subjects.add(new Subject(path, Measure.LATENCY, Load.HALTED));
            subjects.add(new Subject(path, Measure.LATENCY, Load.BUSY));
            subjects.add(new Subject(path, Measure.THROUGHPUT, Load.HALTED));
            subjects.add(new Subject(path, Measure.START, Load.HALTED));
        }
        for (Irqchip irqchip : Irqchip.values()) {
            paths.stream().filter(path -> kicks(path, irqchip)).findFirst().ifPresent(path -> {
                subjects.add(new Subject(path, Measure.KICK, Load.HALTED));
                subjects.add(new Subject(path, Measure.KICK, Load.BUSY));
                subjects.add(new Subject(path, Measure.RESTORE, Load.HALTED));
                if (path.routeCase().route().isQueuedInUserSpace()) {
                    subjects.add(new Subject(path, Measure.WINDOW, Load.BUSY));
                }
            });
        }
        return subjects.stream()
                .filter(subject -> plan.measures().contains(subject.measure()))
                .filter(subject -> plan.load().map(only -> subject.load() == only).orElse(true))
                .toList();
    }

    /** Kick, window and restore are the same on every path, so only one path of each irqchip measures them. */
    private static boolean kicks(BenchPath path, Irqchip irqchip) {
        return path.routeCase().irqchip() == irqchip && path.guest() == BenchGuest.PIC;
    }

    /** The name of the guest image. */
    String image() {
        return switch (measure) {
            case LATENCY, KICK, START, RESTORE -> load == Load.BUSY ? path.guest().busy() : path.guest().halted();
            case THROUGHPUT -> path.guest().quiet();
            case WINDOW -> BenchGuest.CLOSED;
        };
    }

    /** After how many turns the JVM has compiled what it calls. */
    int turnsUntilCompiled() {
        return switch (measure) {
            case LATENCY -> load == Load.HALTED ? COMPILED_AFTER : 0;
            case START -> VMS_UNTIL_WARM;
            case RESTORE -> RESTORES_UNTIL_WARM;
            case THROUGHPUT, KICK, WINDOW -> 0;
        };
    }

    /** As messages name it. */
    @Override
    public String toString() {
        return "%s, %s, %s".formatted(path, measure.label(), load.label());
    }
}
