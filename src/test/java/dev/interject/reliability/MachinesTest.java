package dev.interject.reliability;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.Injector;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Machines made and closed in one JVM, 64 at a time, each of which takes an interrupt: nothing of them is left. */
@RequiresKvm
@Tag("long")
class MachinesTest {

    private static final int LINE = 10;
    private static final int VECTOR = 0x2a;
    private static final int AT_A_TIME = 64;

    /** Listens to nothing: the mailbox says what the guest has done. */
    static final MachineListener SILENT = new MachineListener() {

        @Override
        public void ready() {
            // the mailbox says so
        }

        @Override
        public void taken(int vcpu, int vector) {
            // the mailbox counts
        }

        @Override
        public void fault(int vcpu, int vector) {
            // it takes no interrupt then
        }

        @Override
        public void spurious(int vcpu, int vector) {
            // it takes no interrupt then
        }

        @Override
        public void ended(VcpuEnd end) {
            // it takes no interrupt then
        }
    };

    @Test
    void machinesMadeAndClosed_leaveNothing() {
        Figure figure = new Figure("machines");
        int all = Amount.of(10_000);
        makeAndClose(new Figure("warm-up"), AT_A_TIME);
        Resources before = Resources.now();
        long bytes = makeAndClose(figure, all);
        before.compareWithNow(figure);
        figure.close("resident memory grew by %,d KiB".formatted(bytes >> 10));
    }

    private static long makeAndClose(Figure figure, int count) {
        long before = Resources.now().bytes();
        Deque<Machine> open = new ArrayDeque<>();
        try {
            for (int number = 0; number < count; number++) {
                Irqchip irqchip = Irqchip.values()[number % Irqchip.values().length];
                figure.attempt(irqchip + " " + number, () -> make(irqchip, open));
                if (open.size() == AT_A_TIME) {
                    open.pop().close();
                }
            }
        } finally {
            open.forEach(Machine::close);
        }
        return Resources.now().bytes() - before;
    }

    private static Optional<String> make(Irqchip irqchip, Deque<Machine> open) {
        Machine machine = new Machine(MachinePlan.of(BuiltinGuest.PIC, irqchip,
                BootParameters.lines(Set.of(LINE), Trigger.EDGE)), SILENT);
        open.addLast(machine);
        machine.start();
        machine.vcpu(0).inspectWhenOpen(Hang.AFTER);
        Injector line = irqchip == Irqchip.KERNEL
                ? machine.injectors().kernelLine(LINE, Trigger.EDGE)
                : machine.injectors().userspaceLine(LINE, Trigger.EDGE);
        line.inject();
        Hang.orUntil(() -> machine.vcpu(0).mailbox().taken(VECTOR) > 0);
        long taken = machine.vcpu(0).mailbox().taken(VECTOR);
        return taken == 1 ? Optional.empty() : Optional.of("took " + taken);
    }
}
