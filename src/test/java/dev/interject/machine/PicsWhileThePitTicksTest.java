package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import org.junit.jupiter.api.Test;

/** A tick between {@code KVM_GET_IRQCHIP} and {@code KVM_SET_IRQCHIP} must not be the last one. */
@RequiresKvm
class PicsWhileThePitTicksTest {

    private static final int VECTOR = 0x20;
    private static final int TICKS = 1_000_000;
    /** At 1.193182 MHz, 0.3 ms. */
    private static final int PERIOD = 358;
    private static final int CHANGES = 1000;

    @Test
    void changeOfThe8259s_leavesThePitTicking() {
        try (Machine machine = Machine.builder(BuiltinGuest.PIT).irqchip(Irqchip.KERNEL).openLine(0).start()) {
            machine.command(TICKS);
            machine.command(PERIOD);
            VcpuHandle vcpu = machine.vcpu(0);
            Hang.orUntil(() -> vcpu.mailbox().taken(VECTOR) > 0);

            for (int i = 0; i < CHANGES; i++) {
                vcpu.freeze(frozen -> {
                    frozen.master(UnaryOperator.identity());
                    return null;
                });
            }

            long taken = vcpu.mailbox().taken(VECTOR);
            Hang.orUntil(() -> vcpu.mailbox().taken(VECTOR) > taken + 3);
            assertThat(vcpu.inspect().controllers().pit().orElseThrow().timer().isPeriodic()).isTrue();
        }
    }
}
