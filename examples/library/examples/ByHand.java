package examples;

import java.time.Duration;

import dev.interject.guest.*;
import dev.interject.interrupt.*;
import dev.interject.interrupt.gate.*;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.*;

/** Boots a guest, checks the gates of line 10, and pulses the line five times. */
final class ByHand {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    public static void main(String[] arguments) throws InterruptedException {
        try (Machine machine = Machine.builder(BuiltinGuest.PIC).irqchip(Irqchip.KERNEL).openLine(10).start()) {
            System.out.println("ready: " + machine.awaitReady(PATIENCE));

            GuestState asleep = machine.vcpu(0).inspectWhenOpen(PATIENCE);
            GatePath path = Gates.ofKernelLine(asleep, Route.LINE, 10, Trigger.EDGE);
            path.gates().forEach(gate -> System.out.println(gate.verdict().label() + ": " + gate.place()));

            for (int pulse = 1; pulse <= 5; pulse++) {
                machine.line(10).pulse();
                System.out.println("pulse " + pulse + " taken: " + machine.awaitTaken(path.vector(), pulse, PATIENCE));
            }
            System.out.printf("the guest counted %d of vector 0x%02x%n",
                    machine.vcpu(0).mailbox().taken(path.vector()), path.vector());
        }
    }
}
