package dev.interject.machine;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import org.junit.jupiter.api.Test;

/** A tick between {@code KVM_GET_IRQCHIP} and {@code KVM_SET_IRQCHIP} must not be the last one. */
@RequiresKvm
class PicsWhileThePitTicksTest {

    private static final int VECTOR = 0x20;
    private static final int LINE_0 = 1;
    private static final int TICKS = 1_000_000;
    /** At 1.193182 MHz, 2 ms. */
    private static final int PERIOD = 2386;
    /** Several periods, in nanoseconds. */
    private static final long WHILE = 10_000_000;

    @Test
    void changeOfThe8259s_leavesThePitTicking() {
        try (Machine machine = Machine.builder(BuiltinGuest.PIT).irqchip(Irqchip.KERNEL).openLine(0).start()) {
            machine.command(TICKS);
            machine.command(PERIOD);
            VcpuHandle vcpu = machine.vcpu(0);
            Hang.orUntil(() -> vcpu.mailbox().taken(VECTOR) > 0);

            Hang.orUntil(() -> changesBeforeATick(vcpu));

            long taken = vcpu.mailbox().taken(VECTOR);
            Hang.orUntil(() -> vcpu.mailbox().taken(VECTOR) > taken + 3);
        }
    }

    /** Whether no tick was pending, so that the next one came, or would have come, during the change. */
    private static boolean changesBeforeATick(VcpuHandle vcpu) {
        AtomicBoolean isBefore = new AtomicBoolean();
        vcpu.freeze(frozen -> {
            frozen.master(state -> {
                isBefore.set(((state.irr() | state.isr()) & LINE_0) == 0);
                LockSupport.parkNanos(WHILE);
                return state;
            });
            return null;
        });
        return isBefore.get();
    }
}
