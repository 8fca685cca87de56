package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.machine.vcpu.VcpuEnd;
import dev.interject.machine.vcpu.VcpuEndedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@RequiresKvm
class VcpuDebuggerTest {

    private static final Duration A_MOMENT = Duration.ofMillis(500);
    private static final int VECTOR = 0x2a;

    final RecordingListener listener = new RecordingListener();

    Machine machine(MachinePlan plan) {
        return new Machine(plan, listener);
    }

    private Machine machine(Irqchip irqchip, String guest) {
        return machine(TestGuest.plan(irqchip, guest));
    }

    /** Guest {@code pic}, held at its first {@code sti}. */
    private Machine atSleep(Irqchip irqchip) {
        return atSleep(irqchip, "pic");
    }

    private Machine atSleep(Irqchip irqchip, String guest) {
        return TestGuest.prepared(machine(irqchip, guest), machine -> {
            machine.startHeld();
            assertThat(machine.vcpu(0).runTo(TestGuest.address(guest, "sleep"), Hang.AFTER)).isTrue();
        });
    }

    private static String place(Machine machine) {
        return machine.symbolAt(machine.vcpu(0).inspect().cpu().registers().rip());
    }

    @ParameterizedTest
    @EnumSource
    void startHeld_holdsBeforeTheFirstInstruction(Irqchip irqchip) throws InterruptedException {
        try (Machine machine = machine(irqchip, "pic")) {
            machine.startHeld();
            Thread.sleep(A_MOMENT);

            assertThat(machine.vcpu(0).isHeld()).isTrue();
            assertThat(place(machine)).isEqualTo("_start");
            assertThat(listener.readies).hasValue(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void runTo_holdsBeforeTheInstruction(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            GuestState state = machine.vcpu(0).inspect();

            assertThat(machine.symbolAt(state.cpu().registers().rip())).isEqualTo("sleep");
            assertThat(state.cpu().registers().interruptFlag()).isFalse();
            assertThat(listener.readies).hasValue(1);
            assertThat(machine.vcpu(0).isHeld()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void runToAnUnreachedInstruction_failsAndHolds(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            assertThat(machine.vcpu(0).runTo(TestGuest.address("pic", "stopped"), A_MOMENT)).isFalse();

            assertThat(machine.vcpu(0).isHeld()).isTrue();
            assertThat(place(machine)).isEqualTo("sleep+0x2");
            assertThat(machine.vcpu(0).inspect().cpu().halted()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void runToTheInstructionBehindHlt_isNotThereWhileTheGuestSleeps(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            long behind = TestGuest.address("pic", "sleep") + 2;
            assertThat(machine.vcpu(0).runTo(behind, A_MOMENT)).isFalse();
            assertThat(machine.vcpu(0).runTo(behind, A_MOMENT)).isFalse();

            CompletableFuture<Boolean> reached =
                    CompletableFuture.supplyAsync(() -> machine.vcpu(0).runTo(behind, Hang.AFTER));
            TestGuest.line(machine).inject();

            assertThat(reached.join()).isTrue();
            assertThat(machine.vcpu(0).mailbox().taken(VECTOR)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void runToTheInstructionBehindHltWithAnInterruptQueued_stopsAfterItsHandler(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            long behind = TestGuest.address("pic", "sleep") + 2;
            machine.vcpu(0).resume();
            // not before: a host may let it in between STI and HLT, and the guest sleeps when the handler has returned
            Hang.orUntil(() -> machine.vcpu(0).inspect().cpu().halted());
            machine.vcpu(0).hold();
            TestGuest.line(machine).inject();

            assertThat(machine.vcpu(0).runTo(behind, Hang.AFTER)).isTrue();
            assertThat(place(machine)).isEqualTo("sleep+0x2");
            assertThat(machine.vcpu(0).mailbox().taken(VECTOR)).isEqualTo(1);
        }
    }

    /** No exit of the handler gives another chance to set the breakpoint. */
    @ParameterizedTest
    @EnumSource
    void runToTheInstructionBehindHlt_isReachedBehindAHandlerWithoutExits(Irqchip irqchip) throws Exception {
        try (Machine machine = atSleep(irqchip, "no-exits")) {
            long behind = TestGuest.address("no-exits", "sleep") + 2;
            CompletableFuture<Boolean> reached =
                    CompletableFuture.supplyAsync(() -> machine.vcpu(0).runTo(behind, Hang.AFTER));
            Thread.sleep(A_MOMENT);
            TestGuest.line(machine).inject();

            assertThat(reached.join()).isTrue();
            assertThat(machine.vcpu(0).mailbox().taken(VECTOR)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void runToTheCurrentInstruction_goesAroundTheLoopOnce(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            CompletableFuture<Boolean> round = CompletableFuture
                    .supplyAsync(() -> machine.vcpu(0).runTo(TestGuest.address("pic", "sleep"), Hang.AFTER));
            TestGuest.line(machine).inject();

            assertThat(round.join()).isTrue();
            assertThat(machine.vcpu(0).mailbox().taken(VECTOR)).isEqualTo(1);
            assertThat(place(machine)).isEqualTo("sleep");
        }
    }

    @ParameterizedTest
    @EnumSource
    void holdsBetweenInterrupts_loseNone(Irqchip irqchip) {
        try (Machine machine = machine(irqchip, "pic")) {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();
            Injector line = TestGuest.line(machine);

            for (int sent = 1; sent <= 1000; sent++) {
                machine.vcpu(0).hold();
                line.inject();
                machine.vcpu(0).resume();
                assertThat(TestGuest.takes(machine, VECTOR, sent)).as("interrupt %d", sent).isTrue();
            }

            assertThat(machine.vcpu(0).mailbox().taken(VECTOR)).isEqualTo(1000);
            assertThat(listener.failures).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, deaf, asleep+0x2", "USERSPACE, deaf, asleep+0x2", "SPLIT, deaf, asleep+0x2",
        "KERNEL, spin, spinning", "USERSPACE, spin, spinning", "SPLIT, spin, spinning"})
    void holdInspectAndResume_changeNothing(Irqchip irqchip, String guest, String place) {
        try (Machine machine = machine(irqchip, guest)) {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();
            TestGuest.awaitAt(machine, place);
            GuestState before = machine.vcpu(0).inspect();

            machine.vcpu(0).hold();
            GuestState held = machine.vcpu(0).inspect();
            machine.vcpu(0).resume();
            GuestState after = machine.vcpu(0).inspect();

            assertThat(Stream.of(held, after)).allSatisfy(state -> assertThat(visible(state))
                    .isEqualTo(visible(before)));
            assertThat(Arrays.equals(before.cpu().tables().idt(), after.cpu().tables().idt())).isTrue();
        }
    }

    /** The state that a guest can see; arrays as lists, without the LAPIC's timer, which keeps counting. */
    private static List<Object> visible(GuestState state) {
        return List.of(state.cpu().registers(), state.cpu().special(), state.cpu().events(), state.cpu().halted(),
                state.cpu().activity(),
                state.controllers().master(), state.controllers().slave(), state.controllers().ioapic(),
                state.controllers().lapic().map(LapicRegisters::page).map(Arrays::hashCode));
    }

    @ParameterizedTest
    @EnumSource
    void kickOfAHeldVcpu_doesNotStartIt(Irqchip irqchip) throws InterruptedException {
        try (Machine machine = atSleep(irqchip)) {
            machine.vcpu(0).step();
            machine.vcpu(0).step();

            TestGuest.line(machine).inject();
            machine.injectors().nmi(0).inject();
            machine.vcpu(0).inspect();
            Thread.sleep(A_MOMENT);

            assertThat(machine.vcpu(0).mailbox().taken(VECTOR)).isZero();
            assertThat(place(machine)).isEqualTo("sleep+0x2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void holdAndResumeTwice_areIdempotent(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            machine.vcpu(0).hold();
            machine.vcpu(0).hold();
            assertThat(machine.vcpu(0).isHeld()).isTrue();

            machine.vcpu(0).resume();
            machine.vcpu(0).resume();
            assertThat(machine.vcpu(0).isHeld()).isFalse();
            TestGuest.line(machine).inject();
            assertThat(TestGuest.takes(machine, VECTOR, 1)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeWhileHeld_ends(Irqchip irqchip) {
        Machine machine = atSleep(irqchip);

        machine.close();

        assertThat(listener.failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void closeDuringRunTo_completesItWithTheEnd(Irqchip irqchip) {
        Machine machine = atSleep(irqchip);
        CompletableFuture<Boolean> reached =
                CompletableFuture
                        .supplyAsync(() -> machine.vcpu(0).runTo(TestGuest.address("pic", "stopped"), Hang.AFTER));
        Hang.orUntil(() -> !machine.vcpu(0).isHeld());

        machine.close();

        assertThatExceptionOfType(CompletionException.class).isThrownBy(reached::join)
                .withCauseInstanceOf(VcpuEndedException.class)
                .withMessageContaining("vCPU 0 was stopped with its machine");
    }

    @ParameterizedTest
    @EnumSource
    void guestThatCrashed_takesNoStep(Irqchip irqchip) {
        try (Machine machine = machine(irqchip, "runaway")) {
            machine.start();
            assertThat(listener.observesCrash()).isTrue();

            assertThatExceptionOfType(VcpuEndedException.class).isThrownBy(machine.vcpu(0)::step)
                    .matches(ended -> ended.end() instanceof VcpuEnd.Crashed);
            assertThatExceptionOfType(VcpuEndedException.class)
                    .isThrownBy(() -> machine.vcpu(0).runTo(TestGuest.address("runaway", "_start"), Hang.AFTER));
            assertThatExceptionOfType(VcpuEndedException.class).isThrownBy(machine.vcpu(0)::resume);
        }
    }

    @ParameterizedTest
    @EnumSource
    void runTo_endsWhenAnotherThreadResumesTheVcpu(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            CompletableFuture<Boolean> reached = CompletableFuture
                    .supplyAsync(() -> machine.vcpu(0).runTo(TestGuest.address("pic", "stopped"), Hang.AFTER));
            Hang.orUntil(() -> !machine.vcpu(0).isHeld());

            machine.vcpu(0).resume();

            assertThat(reached.join()).isFalse();
            assertThat(machine.vcpu(0).isHeld()).isFalse();
        }
    }
}
