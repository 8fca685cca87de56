package dev.interject.experiment.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.MessageChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.machine.MachinePlan;

/**
 * An interrupt and the situation that it meets, at random: each value is one that {@code --set} takes, so that
 * {@link #command} shows the situation again. The same seed gives the same situation.
 *
 * @param seed      what it was made from
 * @param run       the guest and the interrupt
 * @param other     a guest of the tests instead
 * @param situation what is set before
 */
record RandomSituation(long seed, RunPlan run, Optional<TestGuest> other, Situation situation) {

    /**
     * A guest of the tests that takes lines of the 8259s.
     *
     * @param lines those that choose what it does
     */
    record TestGuest(String name, BootMode mode, Set<Integer> lines) {}

    /** Makes the situation of a seed. */
    static RandomSituation of(long seed, RunPlan run, RandomSettings settings) {
        return new RandomSituation(seed, run, Optional.empty(), settings.situation());
    }

    /** The first numbers of similar seeds would be similar. */
    static Random random(long seed) {
        return new Random(new SplittableRandom(seed).nextLong());
    }

    static RunPlan run(Irqchip irqchip, BuiltinGuest guest, InterruptChoice interrupt) {
        return RunPlan.on(MachineChoice.of(irqchip, guest)).with(interrupt).with(Pace.oneByOne(1));
    }

    /** The machine that it needs. */
    MachinePlan machinePlan(List<ResolvedInjection> targets) {
        return other.map(guest -> new MachinePlan(run.machine().irqchip(), GuestImage.ofResource(guest.name()),
                guest.mode(),
                BootParameters.lines(Stream.concat(guest.lines().stream(),
                        targets.stream().map(ResolvedInjection::line)).collect(Collectors.toSet()),
                        run.interrupt().trigger())))
                .orElseGet(() -> run.machinePlan(targets));
    }

    /** Whether the guest runs in 32-bit protected mode. */
    boolean isProtected() {
        return other.filter(guest -> guest.name().equals("protected")).isPresent();
    }

    /** Whether the guest's handlers of level 7 look if an interrupt is spurious. */
    boolean checksLevel7() {
        return !isProtected() && run.effectiveGuest().handles(GuestInput.PIC);
    }

    /** The command line that explains it. */
    String command() {
        List<String> words = new ArrayList<>(List.of("interject explain --irqchip", run.machine().irqchip().label(),
                "--guest",
                other.map(guest -> guest.name() + guest.lines()).orElseGet(() -> run.effectiveGuest().label()),
                "--path",
                run.effectivePath().label()));
        if (run.machine().vcpus() > 1) {
            words.add("--vcpus " + run.machine().vcpus());
        }
        InterruptChoice interrupt = run.interrupt();
        interrupt.lines().forEach(line -> words.add("--irq " + line));
        interrupt.vector().ifPresent(vector -> words.add("--vector 0x%02x".formatted(vector)));
        MessageChoice message = interrupt.message();
        message.address().ifPresent(address -> words.add("--address 0x%08x".formatted(address)));
        message.data().ifPresent(data -> words.add("--message-data 0x%x".formatted(data)));
        message.icr().ifPresent(icr -> words.add("--icr 0x%x".formatted(icr)));
        if (interrupt.trigger() == Trigger.LEVEL) {
            words.add("--trigger level");
        }
        situation.texts().forEach(setting -> words.add("--set " + setting));
        return String.join(" ", words);
    }

    static MessageChoice message(int address, int data) {
        return new MessageChoice(OptionalInt.of(address), OptionalInt.of(data), OptionalLong.empty());
    }

    static MessageChoice ipi(long icr) {
        return new MessageChoice(OptionalInt.empty(), OptionalInt.empty(), OptionalLong.of(icr));
    }
}
