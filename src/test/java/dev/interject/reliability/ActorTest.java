package dev.interject.reliability;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;
import dev.interject.machine.VcpuHandle;
import dev.interject.machine.vcpu.VcpuEndedException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What eight threads ask of one vCPU: each is answered, and none is carried out twice. */
@RequiresKvm
@Tag("long")
class ActorTest {

    private static final int LINE = 10;
    private static final int THREADS = 8;
    /** A machine is closed after some of these, while the threads still ask. */
    private static final int OF_A_MACHINE = 2_000;
    private static final int UNTIL_COLLECTION = 500;
    private static final Duration SHORT = Duration.ofNanos(200_000);

    /** What the guest does meanwhile. */
    enum Doing {
        HALTED(BuiltinGuest.PIC),
        BUSY(BuiltinGuest.BUSY),
        CLOSED(BuiltinGuest.DEAF),
        CRASHING(BuiltinGuest.NO_IDT);

        private final BuiltinGuest guest;

        Doing(BuiltinGuest guest) {
            this.guest = guest;
        }
    }

    @ParameterizedTest
    @EnumSource
    void tasksFromEightThreads_areEachAnsweredOnce(Doing doing) throws Exception {
        Figure figure = new Figure("actor");
        Resources before = Resources.now();
        int all = Amount.of(1_000_000) / Doing.values().length;
        for (int done = 0; done < all; done += OF_A_MACHINE) {
            ofAMachine(figure, doing, Math.min(OF_A_MACHINE, all - done), done);
        }
        before.compareWithNow(figure);
        figure.close("guest " + doing.guest.label());
    }

    private static void ofAMachine(Figure figure, Doing doing, int tasks, long seed) throws Exception {
        Irqchip irqchip = seed / OF_A_MACHINE % 2 == 0 ? Irqchip.USERSPACE : Irqchip.KERNEL;
        MachinePlan plan = MachinePlan.of(doing.guest, irqchip, BootParameters.lines(Set.of(LINE), Trigger.EDGE));
        Machine machine = new Machine(plan, MachinesTest.SILENT);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            machine.start();
            List<Future<?>> asking = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed * THREADS + thread);
                asking.add(threads.submit(() -> ask(figure, machine, tasks / THREADS, random)));
            }
            asking.getFirst().get(Hang.AFTER.toSeconds(), TimeUnit.SECONDS);
            machine.close(); // while others ask
            for (Future<?> asked : asking) {
                asked.get(Hang.AFTER.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            machine.close();
        }
    }

    private static void ask(Figure figure, Machine machine, int tasks, RandomGenerator random) {
        VcpuHandle vcpu = machine.vcpu(0);
        int kinds = machine.irqchip() == Irqchip.KERNEL ? 3 : 5; // no window with the 8259s in the kernel
        for (int i = 0; i < tasks; i++) {
            int kind = random.nextInt(kinds);
            AtomicInteger times = new AtomicInteger();
            figure.attempt("task " + kind, () -> {
                try {
                    perform(vcpu, kind, times);
                } catch (VcpuEndedException ended) { // an answer, too: it was closed, or the guest has crashed
                    return times.get() <= 1 ? Optional.empty() : Optional.of("carried out and refused");
                }
                return times.get() == 1 ? Optional.empty() : Optional.of("carried out %s times".formatted(times));
            });
            if (random.nextInt(UNTIL_COLLECTION) == 0) {
                System.gc();
            }
        }
    }

    private static void perform(VcpuHandle vcpu, int kind, AtomicInteger times) {
        switch (kind) {
            case 0 -> vcpu.inspect(_ -> times.incrementAndGet());
            case 1 -> vcpu.freeze(_ -> times.incrementAndGet());
            case 2 -> vcpu.whileStopped(times::incrementAndGet, Hang.AFTER);
            default -> vcpu.whenOpen(times::incrementAndGet, SHORT); // or when the time is up
        }
    }
}
