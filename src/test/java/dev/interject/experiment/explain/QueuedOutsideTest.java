package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.RequiresKvm;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;
import org.junit.jupiter.api.Test;

/** A vector of KVM_INTERRUPT that the guest has not taken: KVM shows it with irqchip userspace only. */
@RequiresKvm
class QueuedOutsideTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FIRST = 0x42;
    private static final int SECOND = 0x41;

    private static Machine ready(Irqchip irqchip) throws InterruptedException {
        Machine machine = Machine.builder(BuiltinGuest.PIC).irqchip(irqchip).start();
        assertThat(machine.awaitReady(PATIENCE)).isTrue();
        assertThat(machine.vcpu(0).inspectWhenOpen(PATIENCE).isOpen()).isTrue();
        return machine;
    }

    private static Gate queue(GuestState state) {
        return path(state).gates()
                .stream()
                .filter(gate -> gate.kind() == GateKind.EVENT_QUEUE)
                .findFirst()
                .orElseThrow();
    }

    private static GatePath path(GuestState state) {
        return Gates.ofVector(state, SECOND);
    }

    /** Leaves the vCPU held. */
    private static GuestState queued(Machine machine, boolean open) {
        machine.vcpu(0).hold();
        setInterruptFlag(machine, open);
        machine.injectors().forcedVector(FIRST).inject();
        return machine.vcpu(0).inspect();
    }

    private static void setInterruptFlag(Machine machine, boolean open) {
        machine.vcpu(0).freeze(vcpu -> {
            vcpu.interruptFlag(open);
            return null;
        });
    }

    private static void awaitTaken(Machine machine, int vector) throws InterruptedException {
        assertThat(machine.awaitTaken(vector, 1, PATIENCE)).isTrue();
    }

    @Test
    void vectorThatKvmHolds_holdsASecondOne() throws InterruptedException {
        try (Machine machine = ready(Irqchip.SPLIT)) {
            GuestState state = queued(machine, true);

            assertThat(state.controllers().held()).isEqualTo(OptionalInt.of(FIRST));
            assertThat(queue(state)).returns(Verdict.HOLDS, Gate::verdict)
                    .returns("vector 0x42, held by KVM", Gate::evidence);
            assertThat(path(state).prediction().because()).map(Gate::kind).isEqualTo(Optional.of(GateKind.EVENT_QUEUE));
        }
    }

    @Test
    void vectorThatWasTaken_holdsNothing() throws InterruptedException {
        try (Machine machine = ready(Irqchip.SPLIT)) {
            queued(machine, true);
            machine.vcpu(0).resume();
            awaitTaken(machine, FIRST);
            GuestState state = machine.vcpu(0).inspectWhenOpen(PATIENCE);

            assertThat(state.controllers().held()).isEmpty();
            assertThat(queue(state).isOpen()).isTrue();
            assertThat(path(state).prediction().fate()).isEqualTo(Fate.TAKEN);
        }
    }

    /** KVM holds it while the guest runs with IF=0. */
    @Test
    void vectorForAClosedGuest_isHeldUntilTheGuestOpens() throws InterruptedException {
        try (Machine machine = ready(Irqchip.SPLIT)) {
            queued(machine, false);
            machine.vcpu(0).resume();
            for (int look = 0; look < 5; look++) {
                assertThat(machine.vcpu(0).inspect().controllers().held()).isEqualTo(OptionalInt.of(FIRST));
            }
            assertThat(machine.vcpu(0).mailbox().taken(FIRST)).isZero();

            setInterruptFlag(machine, true);
            awaitTaken(machine, FIRST);
            assertThat(machine.vcpu(0).inspect().controllers().held()).isEmpty();
        }
    }

    @Test
    void secondCall_isRefusedByKvmAndTheFirstIsStillHeld() throws InterruptedException {
        try (Machine machine = ready(Irqchip.SPLIT)) {
            queued(machine, false);
            Injector second = machine.injectors().forcedVector(SECOND);

            assertThatThrownBy(second::inject).hasMessageContaining("EEXIST");
            assertThat(machine.vcpu(0).inspect().controllers().held()).isEqualTo(OptionalInt.of(FIRST));
        }
    }

    /** A LINT0 that is masked keeps it from the guest, whatever the LAPIC delivers. */
    @Test
    void vectorBehindAMaskedLint0_isHeld() throws InterruptedException {
        try (Machine machine = ready(Irqchip.SPLIT)) {
            machine.vcpu(0).freeze(vcpu -> {
                vcpu.lapic(lapic -> lapic.withLint0(0x10700));
                return null;
            });
            machine.injectors().forcedVector(FIRST).inject();

            assertThat(machine.vcpu(0).inspect().controllers().held()).isEqualTo(OptionalInt.of(FIRST));
            assertThat(machine.vcpu(0).mailbox().taken(FIRST)).isZero();
        }
    }

    @Test
    void nextMachine_holdsNothing() throws InterruptedException {
        try (Machine machine = ready(Irqchip.SPLIT)) {
            queued(machine, false);
        }
        try (Machine machine = ready(Irqchip.SPLIT)) {
            assertThat(machine.vcpu(0).inspect().controllers().held()).isEmpty();
        }
    }

    /** The second call overwrites the first, and only one of them is taken. */
    @Test
    void vectorThatAForcedCallWouldOverwrite_isNotNow() throws InterruptedException {
        try (Machine machine = ready(Irqchip.USERSPACE)) {
            GuestState state = queued(machine, true);
            machine.injectors().forcedVector(SECOND).inject();
            machine.vcpu(0).resume();

            assertThat(state.controllers().held()).as("KVM shows it").isEmpty();
            assertThat(queue(state).verdict()).isEqualTo(Verdict.NOT_NOW);
            awaitTaken(machine, SECOND);
            assertThat(machine.vcpu(0).mailbox().taken(FIRST)).isZero();
            assertThat(queue(machine.vcpu(0).inspectWhenOpen(PATIENCE)).isOpen()).isTrue();
        }
    }
}
