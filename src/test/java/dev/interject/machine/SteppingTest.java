package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.BootParameters;
import dev.interject.guest.boot.BootMode;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.QueuedException;
import dev.interject.machine.vcpu.StepResult;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guest {@code pic} is {@code sti; hlt; jmp} when it sleeps. */
@RequiresKvm
class SteppingTest {

    private static final int VECTOR = 0x2a;
    private static final StepResult EXECUTED = new StepResult.Executed();
    private static final StepResult ASLEEP = new StepResult.Asleep();
    private static final StepResult TOOK = new StepResult.Took(VECTOR);

    final RecordingListener listener = new RecordingListener();

    Machine machine(MachinePlan plan) {
        return new Machine(plan, listener);
    }

    private Machine machine(Irqchip irqchip, String guest) {
        return machine(TestGuest.plan(irqchip, guest));
    }

    /** Guest {@code pic}, held at its first {@code sti}. */
    private Machine atSleep(Irqchip irqchip) {
        return TestGuest.prepared(machine(irqchip, "pic"), machine -> {
            machine.startHeld();
            assertThat(machine.vcpu(0).runTo(TestGuest.address("pic", "sleep"), Hang.AFTER)).isTrue();
        });
    }

    private static String place(Machine machine) {
        return machine.symbolAt(machine.vcpu(0).inspect().cpu().registers().rip());
    }

    /** Steps until the result is not an executed instruction, at most this many times. */
    private static long instructions(Machine machine, int atMost) {
        return Stream.generate(machine.vcpu(0)::step).limit(atMost).takeWhile(EXECUTED::equals).count();
    }

    @ParameterizedTest
    @EnumSource
    void steps_setIfAndHaltTheGuest(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            assertThat(machine.vcpu(0).step()).isEqualTo(EXECUTED);
            GuestState opened = machine.vcpu(0).inspect();
            assertThat(opened.cpu().registers().interruptFlag()).isTrue();
            assertThat(opened.cpu().events().stiShadow()).isTrue();
            assertThat(opened.isOpen()).isFalse();

            assertThat(machine.vcpu(0).step()).isEqualTo(ASLEEP);
            GuestState asleep = machine.vcpu(0).inspect();
            assertThat(machine.symbolAt(asleep.cpu().registers().rip())).isEqualTo("sleep+0x2");
            assertThat(asleep.cpu().halted()).isTrue();
            assertThat(asleep.isOpen()).isTrue();

            assertThat(machine.vcpu(0).step()).isEqualTo(ASLEEP);
            assertThat(place(machine)).isEqualTo("sleep+0x2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptForAHaltedGuest_isTakenByTheNextStep(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            machine.vcpu(0).step();
            machine.vcpu(0).step();

            TestGuest.line(machine).inject();

            assertThat(machine.vcpu(0).step()).isEqualTo(TOOK);
            assertThat(machine.vcpu(0).inspect().cpu().registers().interruptFlag()).isFalse();
            assertThat(place(machine)).isEqualTo("stubs+0x2a0");
            machine.vcpu(0).resume();
            assertThat(TestGuest.takes(machine, VECTOR, 1)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptInTheShadowOfSti_isTakenAfterTheNextInstruction(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            TestGuest.line(machine).inject();

            assertThat(machine.vcpu(0).step()).isEqualTo(EXECUTED);
            assertThat(machine.vcpu(0).step()).isEqualTo(ASLEEP);
            assertThat(machine.vcpu(0).step()).isEqualTo(TOOK);
        }
    }

    @ParameterizedTest
    @EnumSource
    void handler_isSteppedThroughAndCountsOnce(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            TestGuest.line(machine).inject();
            List<StepResult> first = Stream.generate(machine.vcpu(0)::step).limit(3).toList();

            assertThat(first).containsExactly(EXECUTED, ASLEEP, TOOK);
            assertThat(instructions(machine, 100)).isBetween(15L, 60L);
            assertThat(machine.vcpu(0).mailbox().taken(VECTOR)).isEqualTo(1);
            assertThat(listener.taken).containsEntry(VECTOR, 1);
            assertThat(listener.faults).isEmpty();
            assertThat(place(machine)).isEqualTo("sleep+0x2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void nmi_isTakenByTheNextStep(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            machine.injectors().nmi(0).inject();

            assertThat(machine.vcpu(0).step()).isEqualTo(new StepResult.Took(2));
            assertThat(place(machine)).isEqualTo("stubs+0x20");
        }
    }

    /** The CPU decides whether the shadow of STI holds an NMI. */
    @ParameterizedTest
    @EnumSource
    void nmiInTheShadowOfSti_isTakenNoLaterThanAfterTheNextInstruction(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            machine.vcpu(0).step();
            machine.injectors().nmi(0).inject();

            assertThat(Stream.generate(machine.vcpu(0)::step).limit(2)).contains(new StepResult.Took(2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nmiBesideAnInterrupt_isTakenByOneOfTheNextSteps(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            machine.vcpu(0).step();
            machine.vcpu(0).step();
            TestGuest.line(machine).inject();
            machine.injectors().nmi(0).inject();

            assertThat(Stream.generate(machine.vcpu(0)::step).limit(2)).contains(new StepResult.Took(2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nmiHandler_isSteppedThroughAndCountsOnce(Irqchip irqchip) {
        try (Machine machine = machine(irqchip, "nmi")) {
            machine.startHeld();
            assertThat(machine.vcpu(0).runTo(TestGuest.address("nmi", "asleep"), Hang.AFTER)).isTrue();
            machine.injectors().nmi(0).inject();

            assertThat(machine.vcpu(0).step()).isEqualTo(new StepResult.Took(2));
            assertThat(instructions(machine, 100)).isBetween(10L, 60L);
            assertThat(machine.vcpu(0).mailbox().taken(2)).isEqualTo(1);
            assertThat(listener.faults).isEmpty();
        }
    }

    /** The 8259s of a PC's BIOS have such vectors. */
    @ParameterizedTest
    @EnumSource
    void interruptWithTheVectorOfSuchAnException_leavesNoTrapFlagForItsReturn(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            machine.vcpu(0).freeze(frozen -> {
                frozen.events(events -> events.withInterrupt(13));
                return true;
            });

            assertThat(machine.vcpu(0).step()).isEqualTo(new StepResult.Took(13));

            long flags = machine.vcpu(0).inspect().cpu().registers().rsp() + 2 * Long.BYTES;
            assertThat(machine.vcpu(0).readMemory(flags, 2)[1] & 1).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void exceptionWithErrorCode_leavesNoTrapFlagForItsReturn(Irqchip irqchip) {
        try (Machine machine = atSleep(irqchip)) {
            machine.vcpu(0).freeze(frozen -> {
                frozen.events(events -> events.withException(new QueuedException(13, OptionalInt.of(0))));
                return true;
            });

            assertThat(machine.vcpu(0).step()).isEqualTo(new StepResult.Took(13));

            long flags = machine.vcpu(0).inspect().cpu().registers().rsp() + 3 * Long.BYTES;
            assertThat(machine.vcpu(0).readMemory(flags, 2)[1]).isEqualTo((byte) 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void spinningGuest_isSteppedInItsLoop(Irqchip irqchip) {
        try (Machine machine = machine(irqchip, "spin")) {
            machine.start();
            assertThat(machine.vcpu(0).runTo(TestGuest.address("spin", "spinning"), Hang.AFTER)).isTrue();

            List<StepResult> steps = IntStream.range(0, 100).mapToObj(i -> machine.vcpu(0).step()).toList();

            assertThat(steps).containsOnly(EXECUTED);
            assertThat(place(machine)).isEqualTo("spinning");
        }
    }

    @ParameterizedTest
    @EnumSource
    void boot_canBeSteppedThrough(Irqchip irqchip) {
        try (Machine machine = machine(irqchip, "pic")) {
            machine.startHeld();

            assertThat(instructions(machine, 5000)).isBetween(1000L, 4999L);

            assertThat(listener.readies).hasValue(1);
            assertThat(place(machine)).isEqualTo("sleep+0x2");
            machine.vcpu(0).resume();
            TestGuest.line(machine).inject();
            assertThat(TestGuest.takes(machine, VECTOR, 1)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void realMode_isSteppedAndInterrupted(Irqchip irqchip) {
        MachinePlan plan = new MachinePlan(irqchip, TestGuest.image("real"), BootMode.REAL,
                BootParameters.lines(Set.of(TestGuest.LINE), Trigger.EDGE));
        try (Machine machine = machine(plan)) {
            machine.startHeld();
            assertThat(machine.vcpu(0).runTo(TestGuest.address("real", "sleep"), Hang.AFTER)).isTrue();
            TestGuest.line(machine).inject();

            assertThat(Stream.generate(machine.vcpu(0)::step).limit(3)).containsExactly(EXECUTED, ASLEEP, TOOK);
            assertThat(instructions(machine, 100)).isLessThan(100);
            assertThat(machine.vcpu(0).mailbox().taken(VECTOR)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL", "SPLIT"})
    void message_isTakenByTheNextStep(Irqchip irqchip) {
        try (Machine machine = machine(irqchip, "apic")) {
            machine.startHeld();
            assertThat(machine.vcpu(0).runTo(TestGuest.address("apic", "sleep"), Hang.AFTER)).isTrue();
            machine.injectors().message(MsiMessage.fixed(0, 0x61)).inject();

            assertThat(Stream.generate(machine.vcpu(0)::step).limit(3))
                    .containsExactly(EXECUTED, ASLEEP, new StepResult.Took(0x61));
            assertThat(place(machine)).isEqualTo("stubs+0x610");
        }
    }

    @ParameterizedTest
    @EnumSource
    void inspectionsByAnotherThread_disturbNoStep(Irqchip irqchip) throws InterruptedException {
        try (Machine machine = atSleep(irqchip)) {
            AtomicBoolean done = new AtomicBoolean();
            Thread looker = Thread.ofPlatform().start(() -> {
                while (!done.get()) {
                    machine.vcpu(0).inspect();
                }
            });

            for (int sent = 1; sent <= 5; sent++) {
                TestGuest.line(machine).inject();
                assertThat(Stream.generate(machine.vcpu(0)::step).limit(100).filter(TOOK::equals)).hasSize(1);
                assertThat(machine.vcpu(0).mailbox().taken(VECTOR)).isEqualTo(sent);
            }
            done.set(true);
            looker.join();
        }
        assertThat(listener.failures).isEmpty();
    }
}
