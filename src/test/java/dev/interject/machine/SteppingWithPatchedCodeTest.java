package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Set;

import dev.interject.Hang;
import dev.interject.guest.BootParameters;
import dev.interject.guest.boot.BootMode;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.machine.vcpu.VcpuEndedException;
import dev.interject.trace.Recorder;
import org.junit.jupiter.api.Test;

/** As on a host whose debug registers stop no guest. */
class SteppingWithPatchedCodeTest extends SteppingTest {

    @Override
    Machine machine(MachinePlan plan) {
        return new Machine(plan, listener, Recorder.off(), kvm -> false, true);
    }

    @Test
    void severalVcpus_areUnsupported() {
        MachinePlan plan = new MachinePlan(Irqchip.KERNEL, TestGuest.image("smp"), BootMode.LONG,
                new BootParameters(Set.of(), Trigger.EDGE, 0, 2));
        try (Machine machine = machine(plan)) {
            machine.startHeld();

            assertThatExceptionOfType(VcpuEndedException.class)
                    .isThrownBy(() -> machine.vcpu(0).runTo(TestGuest.address("smp", "sleep"), Hang.AFTER))
                    .withCauseInstanceOf(UnsupportedKvmException.class)
                    .withMessageContaining("a guest with one vCPU");
        }
    }
}
