package dev.interject.experiment.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;

/**
 * One way into a guest that a comparison tries.
 *
 * @param vector a vector given by number; empty where a line is pulled, a message sent or an NMI asked for
 * @param vcpus  how many vCPUs there are; the last of them is meant
 */
public record CompareCase(Irqchip irqchip, Path path, BuiltinGuest guest, Trigger trigger, OptionalInt vector,
        int vcpus) {

    private static final int RAW_VECTOR = 0x41;

    /** Every way that Interject knows. */
    public static List<CompareCase> all() {
        List<CompareCase> all = new ArrayList<>();
        addKernel(all);
        addSplit(all);
        all.add(way(Irqchip.USERSPACE, Path.VECTOR, BuiltinGuest.PIC));
        all.add(level(Irqchip.USERSPACE, Path.VECTOR, BuiltinGuest.PIC));
        all.add(raw(Irqchip.USERSPACE));
        all.add(way(Irqchip.USERSPACE, Path.NMI, BuiltinGuest.NMI));
        return List.copyOf(all);
    }

    private static void addKernel(List<CompareCase> all) {
        for (Path path : List.of(Path.LINE, Path.IRQFD)) {
            for (BuiltinGuest guest : List.of(BuiltinGuest.PIC, BuiltinGuest.APIC)) {
                all.add(way(Irqchip.KERNEL, path, guest));
                all.add(level(Irqchip.KERNEL, path, guest));
            }
        }
        addMessages(all, Irqchip.KERNEL);
        for (Path path : List.of(Path.LINE, Path.MSI, Path.IPI, Path.NMI)) {
            all.add(toSecond(Irqchip.KERNEL, path));
        }
        all.add(way(Irqchip.KERNEL, Path.PIT, BuiltinGuest.PIT));
        addTimers(all, Irqchip.KERNEL);
    }

    private static void addSplit(List<CompareCase> all) {
        all.add(way(Irqchip.SPLIT, Path.VECTOR, BuiltinGuest.PIC));
        all.add(level(Irqchip.SPLIT, Path.VECTOR, BuiltinGuest.PIC));
        all.add(raw(Irqchip.SPLIT));
        all.add(way(Irqchip.SPLIT, Path.LINE, BuiltinGuest.APIC));
        all.add(level(Irqchip.SPLIT, Path.LINE, BuiltinGuest.APIC));
        all.add(way(Irqchip.SPLIT, Path.IRQFD, BuiltinGuest.APIC));
        addMessages(all, Irqchip.SPLIT);
        for (Path path : List.of(Path.LINE, Path.IPI)) {
            all.add(toSecond(Irqchip.SPLIT, path));
        }
        addTimers(all, Irqchip.SPLIT);
    }

    private static void addMessages(List<CompareCase> all, Irqchip irqchip) {
        all.add(way(irqchip, Path.MSI, BuiltinGuest.APIC));
        all.add(way(irqchip, Path.MSI, BuiltinGuest.X2APIC));
        all.add(way(irqchip, Path.MSI_ROUTE, BuiltinGuest.APIC));
        all.add(way(irqchip, Path.MSI_IRQFD, BuiltinGuest.APIC));
        all.add(way(irqchip, Path.IPI, BuiltinGuest.APIC));
        all.add(way(irqchip, Path.NMI, BuiltinGuest.NMI));
    }

    private static void addTimers(List<CompareCase> all, Irqchip irqchip) {
        for (BuiltinGuest guest : List.of(BuiltinGuest.ONE_SHOT, BuiltinGuest.PERIODIC, BuiltinGuest.DEADLINE)) {
            all.add(way(irqchip, Path.LAPIC_TIMER, guest));
        }
    }

    private static CompareCase way(Irqchip irqchip, Path path, BuiltinGuest guest) {
        return new CompareCase(irqchip, path, guest, Trigger.EDGE, OptionalInt.empty(), 1);
    }

    private static CompareCase level(Irqchip irqchip, Path path, BuiltinGuest guest) {
        return new CompareCase(irqchip, path, guest, Trigger.LEVEL, OptionalInt.empty(), 1);
    }

    private static CompareCase raw(Irqchip irqchip) {
        return new CompareCase(irqchip, Path.VECTOR, BuiltinGuest.PIC, Trigger.EDGE, OptionalInt.of(RAW_VECTOR), 1);
    }

    private static CompareCase toSecond(Irqchip irqchip, Path path) {
        return new CompareCase(irqchip, path, BuiltinGuest.SMP, Trigger.EDGE, OptionalInt.empty(), 2);
    }

    /** As a message names it. */
    @Override
    public String toString() {
        return "irqchip %s, path %s, guest %s, %s".formatted(irqchip, path, guest, trigger);
    }

    /** Whether it is a level that comes through an IOAPIC, and depends on when the LAPIC ends an interrupt. */
    public boolean needsFaithfulEoi() {
        return trigger == Trigger.LEVEL && guest.usesIoapic();
    }

    RunPlan plan(int count, Optional<Duration> timeout) {
        return RunPlan.on(irqchip)
                .guest(guest)
                .path(path)
                .vector(vector)
                .trigger(trigger)
                .vcpus(vcpus)
                .to(OptionalInt.of(vcpus - 1))
                .pace(Pace.oneByOne(count))
                .timeout(timeout)
                .build();
    }
}
