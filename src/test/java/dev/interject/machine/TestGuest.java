package dev.interject.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.function.Consumer;

import dev.interject.Hang;
import dev.interject.guest.BootParameters;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.Injector;
import dev.interject.machine.vcpu.MachineListener;

/** Machines for tests, with built-in guests or those from {@code src/test/guest}. */
final class TestGuest {

    static final int LINE = 10;

    private TestGuest() {}

    /** The image assembled from {@code NAME.S}. */
    static GuestImage image(String name) {
        try (InputStream elf = TestGuest.class.getResourceAsStream("/dev/interject/guest/" + name + ".elf")) {
            return GuestImage.ofElf(elf.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A machine with a long-mode guest that unmasks line 10. */
    static Machine machine(Irqchip irqchip, String guest, MachineListener listener) {
        return machine(irqchip, image(guest), listener);
    }

    static Machine machine(Irqchip irqchip, GuestImage image, MachineListener listener) {
        return new Machine(plan(irqchip, image), listener);
    }

    static MachinePlan plan(Irqchip irqchip, String guest) {
        return plan(irqchip, image(guest));
    }

    private static MachinePlan plan(Irqchip irqchip, GuestImage image) {
        return new MachinePlan(irqchip, image, BootMode.LONG, BootParameters.lines(Set.of(LINE), Trigger.EDGE));
    }

    /**
     * A machine that has been brought to where a test begins. If that fails it is closed: its vCPUs' threads would be
     * left for the tests that follow.
     */
    static Machine prepared(Machine machine, Consumer<Machine> preparation) {
        try {
            preparation.accept(machine);
            return machine;
        } catch (RuntimeException | Error failed) {
            machine.close();
            throw failed;
        }
    }

    /** The address of a guest's symbol. */
    static long address(String guest, String symbol) {
        return image(guest).symbols().value(symbol).orElseThrow();
    }

    /** Line 10 of the machine's controllers. */
    static Injector line(Machine machine) {
        return machine.irqchip() == Irqchip.KERNEL
                ? machine.injectors().kernelLine(LINE, Trigger.EDGE)
                : machine.injectors().userspaceLine(LINE, Trigger.EDGE);
    }

    /** Waits until the guest has reached the place where it stays, such as {@code sleep+0x2}. */
    static void awaitAt(Machine machine, String place) {
        Hang.orUntil(() -> machine.symbolAt(machine.vcpu(0).inspect().cpu().registers().rip()).equals(place));
    }

    /** Waits until the guest has counted this many, and returns whether it counted no more. */
    static boolean takes(Machine machine, int vector, int count) {
        Hang.orUntil(() -> machine.vcpu(0).mailbox().taken(vector) >= count);
        return machine.vcpu(0).mailbox().taken(vector) == count;
    }
}
