package examples;

import java.time.Duration;
import java.util.Set;

import dev.interject.guest.*;
import dev.interject.interrupt.*;
import dev.interject.interrupt.gate.*;
import dev.interject.interrupt.inject.*;
import dev.interject.machine.*;

/** Boots a guest, looks at the gates on the path of line 10, and pulls it five times. */
final class ByHand {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    public static void main(String[] arguments) throws InterruptedException {
        BootParameters openLine10 = BootParameters.lines(Set.of(10), Trigger.EDGE);
        GuestEvents bells = new GuestEvents();
        try (Machine machine = new Machine(MachinePlan.of(BuiltinGuest.PIC, Irqchip.KERNEL, openLine10), bells)) {
            machine.start();
            System.out.println("ready: " + bells.awaitReady(PATIENCE));

            GuestState asleep = machine.lookWhenOpen(PATIENCE);
            GatePath path = Gates.ofKernelLine(asleep, Path.LINE, 10, Trigger.EDGE);
            path.gates().forEach(gate -> System.out.println(gate.verdict().label() + ": " + gate.place()));

            Injector line10 = machine.injectors().kernelLine(10, Trigger.EDGE);
            for (int pulse = 1; pulse <= 5; pulse++) {
                line10.inject();
                System.out.println("pulse " + pulse + " taken: " + bells.awaitTaken(path.vector(), pulse, PATIENCE));
            }
            System.out.printf("the guest counted %d of vector 0x%02x%n", machine.mailbox().taken(path.vector()),
                    path.vector());
        }
    }
}
