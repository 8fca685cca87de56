package dev.interject.experiment.setting;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;
import dev.interject.machine.VcpuHandle;

/**
 * What is set in a guest before an interrupt is explained or injected.
 *
 * @param settings in the order in which they are applied
 */
public record Situation(List<Setting> settings) {

    /** Nothing is set. */
    public static final Situation NONE = new Situation(List.of());

    public Situation {
        settings = List.copyOf(settings);
    }

    /**
     * Settings as they are written, such as {@code pic.master.imr=0xff}.
     *
     * @throws dev.interject.experiment.InvalidValueException for the first that is wrong
     */
    public static Situation of(String... settings) {
        return new Situation(Stream.of(settings).map(Setting::parse).toList());
    }

    /** Whether nothing is set. */
    public boolean isEmpty() {
        return settings.isEmpty();
    }

    /** Whether it sets a register of this timer in the kernel. */
    public boolean setsTimerOf(Route timer) {
        return settings.stream().anyMatch(setting -> isOf(timer, setting));
    }

    private static boolean isOf(Route timer, Setting setting) {
        return timer.timerRegisters()
                .filter(registers -> setting.kind().name().toString().startsWith(registers))
                .isPresent();
    }

    private static boolean isOfTimer(Setting setting) {
        return isOf(Route.PIT, setting) || isOf(Route.LAPIC_TIMER, setting);
    }

    /** The settings as they are parsed. */
    public List<String> texts() {
        return settings.stream().map(Setting::toString).toList();
    }

    /** Why a machine cannot be brought into this situation; empty if it may be tried. */
    public Optional<String> refusalOn(Irqchip irqchip, int vcpus) {
        return settings.stream()
                .flatMap(setting -> setting.refusalOn(irqchip, vcpus).stream())
                .findFirst();
    }

    /**
     * A guest in which everything is set. The vCPUs that are named, and the target, are held.
     *
     * @param state        the target's state
     * @param beforeTimers the same before timers were set, which may have ticked since
     * @param notes        what KVM has made something else of
     * @param held         the vCPUs that ran before
     */
    public record Applied(GuestState state, GuestState beforeTimers, List<String> notes, List<VcpuHandle> held) {

        /** Lets the vCPUs run on that ran before, unless they have ended. */
        public void resume() {
            held.stream().filter(VcpuHandle::isHeld).forEach(VcpuHandle::resume);
        }
    }

    /**
     * Sets everything between two instructions of the target vCPU, and reads its state. Timers are set last, since they
     * run from then on. No vCPU is held if nothing is to be set.
     *
     * @param  target                                        the number of the target vCPU
     * @throws dev.interject.experiment.EndedEarlyException if the guest has no such value, or KVM refuses it
     */
    public Applied applyTo(Machine machine, int target) {
        List<VcpuHandle> held = settings.isEmpty() ? List.of() : hold(machine, target);
        List<String> notes = new ArrayList<>();
        Consumer<Setting> apply =
                setting -> machine.vcpu(setting.vcpu().orElse(target)).freeze(setting::apply).ifPresent(notes::add);
        settings.stream().filter(setting -> !isOfTimer(setting)).forEach(apply);
        GuestState beforeTimers = machine.vcpu(target).inspect();
        if (settings.stream().noneMatch(Situation::isOfTimer)) {
            return new Applied(beforeTimers, beforeTimers, notes, held);
        }
        settings.stream().filter(Situation::isOfTimer).forEach(apply);
        return new Applied(machine.vcpu(target).inspect(), beforeTimers, notes, held);
    }

    /** Holds the target and the vCPUs that are named; returns those that were not held before. */
    private List<VcpuHandle> hold(Machine machine, int target) {
        List<VcpuHandle> held = IntStream.concat(IntStream.of(target),
                settings.stream().flatMapToInt(setting -> setting.vcpu().stream()))
                .distinct()
                .mapToObj(machine::vcpu)
                .filter(vcpu -> !vcpu.isHeld())
                .toList();
        held.forEach(VcpuHandle::hold);
        return held;
    }
}
