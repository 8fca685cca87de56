package examples;

import java.time.Duration;
import java.util.Set;

import dev.interject.guest.*;
import dev.interject.interrupt.*;
import dev.interject.machine.*;

/** Boots a guest, looks at the gates on the way of line 10, and pulls it five times. */
final class ByHand {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    public static void main(String[] arguments) throws InterruptedException {
        Orders openLine10 = Orders.lines(Set.of(10), Trigger.EDGE);
        Bells bells = new Bells();
        try (Machine machine = new Machine(MachinePlan.of(BuiltinGuest.PIC, Irqchip.KERNEL, openLine10), bells)) {
            machine.start();
            System.out.println("ready: " + bells.awaitReady(PATIENCE));

            GuestState asleep = machine.lookWhenOpen(PATIENCE);
            Way way = Gates.ofKernelLine(asleep, Path.LINE, 10, Trigger.EDGE);
            way.gates().forEach(gate -> System.out.println(gate.verdict().word() + ": " + gate.place()));

            Injector line10 = machine.injectors().kernelLine(10, Trigger.EDGE);
            for (int pulse = 1; pulse <= 5; pulse++) {
                line10.inject();
                System.out.println("pulse " + pulse + " taken: " + bells.awaitTaken(way.vector(), pulse, PATIENCE));
            }
            System.out.printf("the guest counted %d of vector 0x%02x%n", machine.mailbox().taken(way.vector()),
                    way.vector());
        }
    }
}
