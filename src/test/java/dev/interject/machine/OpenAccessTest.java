package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.Snapshot;
import dev.interject.machine.vcpu.StepResult;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guest {@code device}, held with its IN from the command port open. */
@RequiresKvm
class OpenAccessTest {

    private static final int COMMAND = 0x51;

    private static Machine atRead(Irqchip irqchip) {
        return TestGuest.prepared(Machine.builder(BuiltinGuest.DEVICE).irqchip(irqchip).build(), machine -> {
            machine.command(COMMAND);
            machine.startHeld();
            assertThat(machine.vcpu(0).runTo(machine.addressOf("read_port").orElseThrow(), Hang.AFTER)).isTrue();
            Hang.orUntil(machine.vcpu(0)::openAccess);
        });
    }

    private static String place(Machine machine) {
        return machine.symbolAt(machine.vcpu(0).inspectCpu().registers().rip());
    }

    @ParameterizedTest
    @EnumSource
    void openAccess_staysOpenUntilTheGuestRunsOn(Irqchip irqchip) throws InterruptedException {
        try (Machine machine = atRead(irqchip)) {
            machine.vcpu(0).hold();

            assertThat(place(machine)).isEqualTo("read_port");
            assertThat(machine.isCommandAwaited()).isFalse();

            machine.vcpu(0).resume();

            assertThat(machine.awaitReady(Hang.AFTER)).isTrue();
            assertThat(machine.vcpu(0).mailbox().taken(COMMAND)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void step_completesTheAccessFirst(Irqchip irqchip) {
        try (Machine machine = atRead(irqchip)) {
            assertThat(machine.vcpu(0).step()).isEqualTo(new StepResult.Executed());

            assertThat(place(machine)).isEqualTo("count");
        }
    }

    @ParameterizedTest
    @EnumSource
    void savedState_hasTheAccessCompletedAndTheRegistersOfBefore(Irqchip irqchip) {
        try (Machine machine = atRead(irqchip)) {
            Snapshot snapshot = machine.transfer().save();

            assertThat(snapshot.content(Piece.ACCESS, 0)).isPresent()
                    .isNotEqualTo(snapshot.content(Piece.REGS, 0));
            assertThat(place(machine)).isEqualTo("read_port+0x1");
            assertThat(machine.transfer().save().content(Piece.ACCESS, 0)).isEmpty();
        }
    }
}
