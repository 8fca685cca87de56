package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.device.Redirection;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Arrival;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.gate.TargetVcpus;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.Machine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random destinations, and LAPICs with random IDs: the vCPUs that are predicted to take an interrupt count it, and no
 * others. {@link RandomStates} says how to try more of them, or one again.
 */
@RequiresKvm
class RandomDestinationsTest {

    private static final int ROUNDS = 60;
    private static final int PIN = 20;
    private static final int FORMAT = 0xe0;
    private static final int LOGICAL_DESTINATION = 0xd0;
    private static final int ID = 0x20;
    private static final int FLAT = 0xffffffff;
    private static final int CLUSTER = 0x0fffffff;
    private static final Duration SILENCE = Duration.ofMillis(3);

    /** How an interrupt is predicted, and injected. */
    private record Shot(Function<GuestState, GatePath> path, Injector injector, int vector) {}

    /** Who sends it. */
    enum Way {
        MESSAGE, PIN, IPI
    }

    @ParameterizedTest
    @CsvSource({"MESSAGE, KERNEL, 1, 1", "MESSAGE, KERNEL, 2, 2", "MESSAGE, KERNEL, 4, 3", "MESSAGE, SPLIT, 3, 4",
        "PIN, KERNEL, 3, 5", "PIN, SPLIT, 2, 6", "IPI, KERNEL, 4, 7", "IPI, SPLIT, 2, 8"})
    void interrupt_isTakenByThosePredicted(Way way, Irqchip irqchip, int vcpus, int seed) {
        try (Machine machine = Machine.builder(BuiltinGuest.SMP).irqchip(irqchip).vcpus(vcpus).start()) {
            Hang.orUntil(() -> IntStream.range(0, vcpus)
                    .allMatch(number -> machine.vcpu(number).inspect().cpu().halted()));
            RandomStates.seeds(seed * 1_000_000L, ROUNDS)
                    .forEach(state -> round(machine, way, new Random(state), "seed " + state));
        }
    }

    private static void round(Machine machine, Way way, Random random, String seed) {
        boolean oneId = random.nextInt(4) == 0;
        int format = random.nextBoolean() ? FLAT : CLUSTER;
        for (int number = 0; number < machine.vcpus(); number++) {
            // the sender of IPIs is asked by a message to APIC ID 0, which no other LAPIC may take
            boolean sends = way == Way.IPI && number == 0;
            int id = sends ? 0 : oneId ? 1 + random.nextInt(2) : way == Way.IPI ? number : random.nextInt(6);
            int logical = format == FLAT ? random.nextBoolean() ? 1 << number : random.nextInt(256)
                    : random.nextInt(3) << 4 | random.nextInt(16);
            int model = random.nextInt(10) == 0 ? ~format & 0xf0000000 | CLUSTER : format;
            boolean enabled = sends || random.nextInt(6) != 0;
            machine.vcpu(number).freeze(vcpu -> {
                vcpu.lapic(lapic -> registers(lapic, id, logical, model).withSoftwareEnabled(enabled));
                return null;
            });
        }
        Shot shot = shot(machine, way, random);
        GuestState state = machine.vcpu(0).inspect().with(RulesOfTheHost.found());
        GatePath path = IntStream.range(0, machine.vcpus())
                .mapToObj(number -> shot.path().apply(state.seenBy(number)))
                .filter(one -> !one.targetVcpus().vcpus().isEmpty())
                .findFirst()
                .orElseGet(() -> shot.path().apply(state));
        long[] before = counts(machine, shot.vector());
        shot.injector().inject();
        Set<Integer> took = await(machine, shot.vector(), before, path.targetVcpus());

        String what = "%s: %s%n%s%n%s".formatted(seed, path.targetVcpus(), path, state.lapics());
        if (path.targetVcpus().areRivals()) {
            assertThat(took).as(what).hasSize(1).isSubsetOf(path.targetVcpus().vcpus());
        } else {
            assertThat(took).as(what).containsExactlyInAnyOrderElementsOf(path.targetVcpus().vcpus());
        }
        assertThat(path.prediction().arrivals().stream().map(Arrival::vcpus).flatMap(List::stream).toList())
                .containsExactlyInAnyOrderElementsOf(path.targetVcpus().vcpus());
    }

    private static LapicRegisters registers(LapicRegisters lapic, int id, int logical, int format) {
        return lapic.withRegister(ID, id << 24)
                .withRegister(LOGICAL_DESTINATION, logical << 24)
                .withRegister(FORMAT, format);
    }

    private static Shot shot(Machine machine, Way way, Random random) {
        int vector = 0x50 + random.nextInt(0x40);
        int id = switch (random.nextInt(4)) {
            case 0 -> 0xff;
            case 1 -> random.nextInt(256);
            default -> random.nextInt(6);
        };
        int logical = random.nextBoolean() ? 1 : 0;
        int mode = random.nextInt(3) == 0 ? 1 : 0;
        return switch (way) {
            case MESSAGE -> {
                int hint = random.nextInt(3) == 0 ? 1 << 3 : 0;
                MsiMessage message = new MsiMessage(0xfee00000 | id << 12 | logical << 2 | hint, vector | mode << 8);
                yield new Shot(state -> Gates.ofMessage(state, Route.MSI, message),
                        machine.injectors().message(message), vector);
            }
            case PIN -> {
                machine.vcpu(0).freeze(vcpu -> {
                    vcpu.redirection(PIN,
                            _ -> new Redirection((long) id << 56 | logical << 11 | mode << 8 | vector));
                    return null;
                });
                yield new Shot(state -> Gates.ofKernelLine(state, Route.LINE, PIN, Trigger.EDGE),
                        machine.irqchip() == Irqchip.KERNEL ? machine.injectors().kernelLine(PIN, Trigger.EDGE)
                                : machine.injectors().ioapicPin(PIN, Trigger.EDGE),
                        vector);
            }
            case IPI -> {
                long shorthand = random.nextInt(3) == 0 ? random.nextInt(1, 4) : 0;
                // no lowest priority by shorthand: the Intel SDM lets it address all but the sender only
                long bits = (long) id << 56 | shorthand << 18 | 1 << 14 | logical << 11 | vector
                        | (shorthand == 0 ? mode << 8 : 0);
                Icr icr = new Icr(bits, false);
                yield new Shot(state -> Gates.ofIpi(state, Route.IPI, icr), machine.injectors().ipi(icr), vector);
            }
        };
    }

    private static long[] counts(Machine machine, int vector) {
        return IntStream.range(0, machine.vcpus())
                .mapToLong(number -> machine.vcpu(number).mailbox().taken(vector))
                .toArray();
    }

    private static Set<Integer> await(Machine machine, int vector, long[] before, TargetVcpus expected) {
        Hang.orUntil(
                () -> took(machine, vector, before).size() >= (expected.areRivals() ? 1 : expected.vcpus().size()));
        LockSupport.parkNanos(SILENCE.toNanos());
        IntStream.range(0, machine.vcpus()).forEach(number -> machine.vcpu(number).inspect()); // a kick
        return took(machine, vector, before);
    }

    private static Set<Integer> took(Machine machine, int vector, long[] before) {
        long[] now = counts(machine, vector);
        return IntStream.range(0, now.length)
                .filter(number -> now[number] > before[number])
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
