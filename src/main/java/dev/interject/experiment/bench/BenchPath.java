package dev.interject.experiment.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.interject.guest.BenchGuest;
import dev.interject.guest.BootMode;
import dev.interject.guest.BootParameters;
import dev.interject.guest.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.Injector;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.Injectors;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;

/**
 * A way into a guest. Edges only, and nothing that the kernel's own timers do: nobody hands those over.
 *
 * @param guest which controllers the guest programs
 * @param raw   with path {@code vector}: by number, past our 8259s
 */
public record BenchPath(Irqchip irqchip, Path path, BenchGuest guest, boolean raw) {

    /** A line that is free on a PC. */
    static final int LINE = 10;

    private static final int VCPU = 0;
    private static final int SLAVE_BASE = 0x28;
    private static final int SLAVE_LINES = 8;
    private static final int IOAPIC_BASE = 0x30;
    private static final int MESSAGE_VECTOR = 0x50;
    private static final int RAW_VECTOR = 0x41;
    private static final int NMI_VECTOR = 2;

    /** Every way. */
    public static List<BenchPath> all() {
        List<BenchPath> all = new ArrayList<>();
        all.add(way(Irqchip.KERNEL, Path.LINE, BenchGuest.PIC));
        all.add(way(Irqchip.KERNEL, Path.LINE, BenchGuest.APIC));
        all.add(way(Irqchip.KERNEL, Path.IRQFD, BenchGuest.PIC));
        addThroughLapic(all, Irqchip.KERNEL);
        all.add(way(Irqchip.SPLIT, Path.VECTOR, BenchGuest.PIC));
        all.add(new BenchPath(Irqchip.SPLIT, Path.VECTOR, BenchGuest.PIC, true));
        all.add(way(Irqchip.SPLIT, Path.LINE, BenchGuest.APIC));
        addThroughLapic(all, Irqchip.SPLIT);
        all.add(way(Irqchip.USERSPACE, Path.VECTOR, BenchGuest.PIC));
        all.add(new BenchPath(Irqchip.USERSPACE, Path.VECTOR, BenchGuest.PIC, true));
        all.add(way(Irqchip.USERSPACE, Path.NMI, BenchGuest.NMI));
        return List.copyOf(all);
    }

    private static void addThroughLapic(List<BenchPath> all, Irqchip irqchip) {
        for (Path path : List.of(Path.IRQFD, Path.MSI, Path.MSI_ROUTE, Path.MSI_IRQFD, Path.IPI)) {
            all.add(way(irqchip, path, BenchGuest.APIC));
        }
        all.add(way(irqchip, Path.NMI, BenchGuest.NMI));
    }

    private static BenchPath way(Irqchip irqchip, Path path, BenchGuest guest) {
        return new BenchPath(irqchip, path, guest, false);
    }

    /** Where its interrupts arrive. */
    int vector() {
        return switch (path) {
            case LINE, IRQFD -> lineVector();
            case VECTOR -> raw ? RAW_VECTOR : lineVector();
            case MSI, MSI_ROUTE, MSI_IRQFD, IPI -> MESSAGE_VECTOR;
            case NMI -> NMI_VECTOR;
            case PIT, LAPIC_TIMER -> throw new IllegalStateException("nobody hands a timer's ticks over");
        };
    }

    private int lineVector() {
        return guest == BenchGuest.APIC ? IOAPIC_BASE + LINE : SLAVE_BASE + LINE - SLAVE_LINES;
    }

    /** The machine that it leads into, with that image. */
    MachinePlan machinePlan(String image) {
        return new MachinePlan(irqchip, GuestImage.ofResource(image), BootMode.LONG,
                BootParameters.lines(Set.of(LINE), Trigger.EDGE));
    }

    /** Hands interrupts over by it; once the guest is ready. */
    Injector injector(Machine machine) {
        Injectors injectors = machine.injectors();
        return switch (path) {
            case LINE -> irqchip == Irqchip.SPLIT
                    ? injectors.ioapicPin(LINE, Trigger.EDGE)
                    : injectors.kernelLine(LINE, Trigger.EDGE);
            case IRQFD -> injectors.irqfd(LINE, Trigger.EDGE);
            case MSI -> injectors.message(MsiMessage.fixed(VCPU, MESSAGE_VECTOR));
            case MSI_ROUTE -> injectors.routedMessage(MsiMessage.fixed(VCPU, MESSAGE_VECTOR));
            case MSI_IRQFD -> injectors.routedMessageByIrqfd(MsiMessage.fixed(VCPU, MESSAGE_VECTOR));
            case NMI -> injectors.nmi(VCPU);
            case IPI -> injectors.ipi(VCPU, MESSAGE_VECTOR);
            case VECTOR -> raw ? injectors.vector(RAW_VECTOR) : injectors.userspaceLine(LINE, Trigger.EDGE);
            case PIT, LAPIC_TIMER -> throw new IllegalStateException("nobody hands a timer's ticks over");
        };
    }

    /** The path, where a vector given by number is told from one of the 8259s'. */
    public String pathWord() {
        return raw ? "raw 0x%02x".formatted(RAW_VECTOR) : path.label();
    }

    /** As a list in options and messages has it. */
    @Override
    public String toString() {
        return "%s %s %s".formatted(irqchip.label(), pathWord(), guest.halted());
    }
}
