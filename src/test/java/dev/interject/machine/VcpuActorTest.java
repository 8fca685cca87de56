package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.machine.vcpu.VcpuEndedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every command to a vCPU completes exactly once: with its result, or with the end of the vCPU. */
@RequiresKvm
class VcpuActorTest {

    private static final Duration SHORT = Duration.ofMillis(1);
    private static final int VECTOR = 0x2a;

    private final RecordingListener listener = new RecordingListener();

    private Machine ready(Irqchip irqchip, String guest) {
        return TestGuest.prepared(TestGuest.machine(irqchip, guest, listener), machine -> {
            machine.start();
            assertThat(listener.becomesReady()).isTrue();
        });
    }

    private Machine asleep(Irqchip irqchip, String guest) {
        Machine machine = ready(irqchip, guest);
        while (!machine.vcpu(0).inspect().cpu().halted()) {
            Thread.onSpinWait();
        }
        return machine;
    }

    /** A command that counts how many times it runs and completes. */
    private static final class Answers {

        final AtomicInteger asked = new AtomicInteger();
        final AtomicInteger ran = new AtomicInteger();
        final AtomicInteger answered = new AtomicInteger();
        final AtomicInteger ended = new AtomicInteger();

        Integer run() {
            return ran.incrementAndGet();
        }

        void ask(Callable<?> command) throws Exception {
            asked.incrementAndGet();
            try {
                command.call();
                answered.incrementAndGet();
            } catch (VcpuEndedException end) {
                ended.incrementAndGet();
            }
        }
    }

    private static Callable<Void> times(int count, Answers answers, Callable<?> command) {
        return () -> {
            for (int i = 0; i < count; i++) {
                answers.ask(command);
            }
            return null;
        };
    }

    private static Callable<Void> untilEnded(Answers answers, Callable<?> command) {
        return () -> {
            while (answers.ended.get() == 0) {
                answers.ask(command);
            }
            return null;
        };
    }

    private static List<Callable<Void>> commands(Machine machine, Answers tasks, Answers others) {
        VcpuHandle vcpu = machine.vcpu(0);
        List<Callable<Void>> threads = new ArrayList<>();
        threads.add(times(400, tasks, () -> vcpu.inspect(state -> tasks.run())));
        threads.add(times(400, tasks, () -> vcpu.freeze(frozen -> tasks.run())));
        if (machine.irqchip() == Irqchip.USERSPACE) {
            threads.add(times(100, tasks, () -> vcpu.whenOpen(tasks::run, SHORT)));
            threads.add(times(100, tasks, () -> vcpu.whenOpen(tasks::run, SHORT)));
        }
        threads.add(times(200, others, () -> {
            vcpu.step();
            vcpu.resume();
            return null;
        }));
        threads.add(times(100, others, () -> vcpu.runTo(0x1, SHORT)));
        threads.add(times(400, others, () -> machine.line(TestGuest.LINE).pulse()));
        return threads;
    }

    private static void runAll(List<Callable<Void>> threads) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads.size())) {
            for (Future<Void> done : pool.invokeAll(threads)) {
                done.get();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, pic", "SPLIT, pic", "USERSPACE, pic", "KERNEL, busy", "USERSPACE, busy", "KERNEL, spin",
        "USERSPACE, spin", "USERSPACE, deaf", "USERSPACE, port-reader"})
    void commandsOfManyThreads_areEachAnsweredOnce(Irqchip irqchip, String guest) throws Exception {
        Answers tasks = new Answers();
        Answers others = new Answers();
        try (Machine machine = ready(irqchip, guest)) {
            runAll(commands(machine, tasks, others));

            assertThat(listener.failures).isEmpty();
            assertThat(listener.crashes).isEmpty();
        }
        assertThat(tasks.ran.get()).isEqualTo(tasks.answered.get()).isEqualTo(tasks.asked.get());
        assertThat(others.answered.get()).isEqualTo(others.asked.get());
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, pic", "SPLIT, pic", "USERSPACE, pic", "USERSPACE, port-reader", "KERNEL, spin"})
    void commandsWhileTheMachineCloses_areEachAnsweredOnce(Irqchip irqchip, String guest) throws Exception {
        Answers tasks = new Answers();
        Machine machine = ready(irqchip, guest);
        VcpuHandle vcpu = machine.vcpu(0);
        List<Callable<Void>> threads = new ArrayList<>(List.of(
                untilEnded(tasks, () -> vcpu.inspect(state -> tasks.run())),
                untilEnded(tasks, () -> vcpu.freeze(frozen -> tasks.run()))));
        if (irqchip == Irqchip.USERSPACE) {
            threads.add(untilEnded(tasks, () -> vcpu.whenOpen(tasks::run, SHORT)));
        }
        threads.add(() -> {
            while (tasks.answered.get() < 50) {
                Thread.onSpinWait();
            }
            machine.close();
            return null;
        });

        runAll(threads);

        assertThat(tasks.ran.get()).isEqualTo(tasks.answered.get());
        assertThat(tasks.answered.get() + tasks.ended.get()).isEqualTo(tasks.asked.get());
        assertThat(tasks.ended.get()).isPositive();
    }

    @Test
    void inspectionsWhileAWaiterAsksForTheWindow_loseNoKick() throws Exception {
        try (Machine machine = ready(Irqchip.USERSPACE, "port-reader")) {
            CompletableFuture<Integer> waiter =
                    CompletableFuture.supplyAsync(() -> machine.vcpu(0).whenOpen(() -> 1, Hang.AFTER));

            for (int i = 0; i < 20_000; i++) {
                machine.vcpu(0).inspect();
            }

            assertThat(waiter.isDone()).isFalse();
            machine.vcpu(0).freeze(frozen -> {
                frozen.interruptFlag(true);
                return null;
            });
            assertThat(waiter.get()).isEqualTo(1);
        }
    }

    @Test
    void severalWindowWaiters_areAllAnsweredWhenTheGuestOpens() throws Exception {
        try (Machine machine = ready(Irqchip.USERSPACE, "port-reader")) {
            List<CompletableFuture<Integer>> waiters = IntStream.range(0, 4)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> machine.vcpu(0).whenOpen(() -> i, Hang.AFTER),
                            task -> Thread.ofPlatform().start(task)))
                    .toList();
            Thread.sleep(100); // most of them wait by now; the test holds for any number

            machine.vcpu(0).freeze(frozen -> {
                frozen.interruptFlag(true);
                return null;
            });

            for (int i = 0; i < waiters.size(); i++) {
                assertThat(waiters.get(i).get()).isEqualTo(i);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"pic", "deaf"})
    void freezeThatChangesNothing_leavesAHaltedGuestHalted(String guest) {
        try (Machine machine = asleep(Irqchip.USERSPACE, guest)) {
            long before = machine.vcpu(0).statistics().get("halt_exits");

            for (int i = 0; i < 20; i++) {
                machine.vcpu(0).freeze(FrozenVcpu::state);
            }

            assertThat(machine.vcpu(0).inspect().cpu().halted()).isTrue();
            assertThat(machine.vcpu(0).statistics().get("halt_exits")).isEqualTo(before);
        }
    }

    @Test
    void freezeThatOpensAHaltedGuest_letsItTakeThePendingInterrupt() {
        try (Machine machine = asleep(Irqchip.USERSPACE, "deaf")) {
            machine.line(TestGuest.LINE).pulse();
            assertThat(machine.vcpu(0).inspect().cpu().halted()).isTrue();

            machine.vcpu(0).freeze(frozen -> {
                frozen.interruptFlag(true);
                return null;
            });

            assertThat(TestGuest.takes(machine, VECTOR, 1)).isTrue();
        }
    }

    @Test
    void failedFreeze_injectsNothingIntoTheGuestThatItClosed() {
        try (Machine machine = asleep(Irqchip.USERSPACE, "pic")) {
            IllegalStateException failure = new IllegalStateException("after the change");

            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> machine.vcpu(0).freeze(vcpu -> {
                vcpu.interruptFlag(false);
                throw failure;
            })).isSameAs(failure);
            machine.line(TestGuest.LINE).pulse();

            GuestState state = machine.vcpu(0).inspect();
            assertThat(state.cpu().registers().interruptFlag()).isFalse();
            assertThat(state.cpu().events().interruptInjected()).isFalse();
            assertThat(machine.vcpu(0).mailbox().taken(VECTOR)).isZero();
        }
    }

    @Test
    void inspectionAfterAFreeze_seesTheWindowAsTheFreezeLeftIt() {
        try (Machine machine = asleep(Irqchip.USERSPACE, "deaf")) {
            assertThat(machine.vcpu(0).inspect().cpu().ready()).isFalse();

            machine.vcpu(0).freeze(frozen -> {
                frozen.interruptFlag(true);
                return null;
            });

            assertThat(machine.vcpu(0).inspect().cpu().ready()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void tablesWithTheLargestLimits_canBeInspected(Irqchip irqchip) {
        try (Machine machine = asleep(irqchip, "pic")) {
            GuestState state = machine.vcpu(0).freeze(frozen -> {
                frozen.special(VcpuActorTest::withLargestLimits);
                return frozen.state();
            });

            assertThat(state.cpu().special().tr().limit()).isEqualTo(Integer.MAX_VALUE);
        }
    }

    /** 0x7fffffff, to which 1 cannot be added in an int; KVM takes it with G=1. */
    private static SpecialRegisters withLargestLimits(SpecialRegisters s) {
        Segment tr = s.tr();
        Segment large = new Segment(tr.base(), Integer.MAX_VALUE, tr.selector(), tr.type(), tr.present(), tr.dpl(),
                tr.db(), tr.system(), tr.longMode(), true, tr.unusable());
        return new SpecialRegisters(s.cs(), s.ds(), s.es(), s.fs(), s.gs(), s.ss(), large, s.ldt(), s.gdt(), s.idt(),
                s.cr0(), s.cr2(), s.cr3(), s.cr4(), s.cr8(), s.efer(), s.apicBase());
    }
}
