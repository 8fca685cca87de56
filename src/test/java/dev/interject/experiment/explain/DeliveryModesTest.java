package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.device.Redirection;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each delivery mode does to the second of two vCPUs, by message, by pin and by IPI: KVM shows it in the LAPIC's
 * IRR, the NMI queue and the MP state ({@code __apic_accept_irq} of lapic.c).
 */
@RequiresKvm
class DeliveryModesTest {

    private static final int VECTOR = 0x61;
    private static final int LAST_VECTOR = 0x71;
    private static final int PIN = 20;
    private static final int TO_SECOND = 0xfee01000;
    private static final long SECOND = 1L << 56;
    private static final long ASSERTED = 1 << 14;
    private static final int BROADCAST = 0xfeeff000;
    private static final int HINT = 1 << 3;
    private static final int SMI = 2;
    private static final int NMI = 4;
    private static final int STARTUP = 6;
    private static final int EXTINT = 7;

    /** What KVM shows of the second vCPU. */
    private record Effect(MpState activity, boolean requested, int nmis, boolean smi) {

        static Effect of(GuestState state) {
            return new Effect(state.cpu().activity(), state.controllers().lapic().orElseThrow().isRequested(VECTOR),
                    state.cpu().events().nmisPending(), state.cpu().events().smiPending());
        }
    }

    /** Who sends it. */
    enum Sender {
        MESSAGE, PIN, IPI
    }

    private static Injector injector(Machine machine, Sender sender, int mode) {
        return switch (sender) {
            case MESSAGE -> machine.injectors().message(new MsiMessage(TO_SECOND, VECTOR | mode << 8));
            case PIN -> machine.injectors().kernelLine(PIN, Trigger.EDGE);
            case IPI -> machine.injectors().ipi(icr(mode, VECTOR));
        };
    }

    private static Icr icr(int mode, int vector) {
        return new Icr(SECOND | ASSERTED | mode << 8 | vector, false);
    }

    private static GatePath path(GuestState state, Sender sender, int mode) {
        return switch (sender) {
            case MESSAGE -> Gates.ofMessage(state, Route.MSI, new MsiMessage(TO_SECOND, VECTOR | mode << 8));
            case PIN -> Gates.ofKernelLine(state, Route.LINE, PIN, Trigger.EDGE);
            case IPI -> Gates.ofIpi(state, Route.IPI, icr(mode, VECTOR));
        };
    }

    /** With the second vCPU in this state; it does not run meanwhile. */
    private static Effect send(Machine machine, Sender sender, int mode, MpState before, Fate expected) {
        Hang.orUntil(() -> machine.vcpu(0).inspect().cpu().halted() && machine.vcpu(1).inspect().cpu().halted());
        machine.vcpu(1).hold();
        GuestState state = machine.vcpu(1).freeze(vcpu -> {
            vcpu.redirection(PIN, _ -> new Redirection(SECOND | mode << 8 | VECTOR));
            vcpu.activity(before);
            return vcpu.state();
        });
        assertThat(HostDepartures.on(state, seen -> path(seen, sender, mode)).gates().prediction().fate())
                .isEqualTo(expected);
        Injector injector = injector(machine, sender, mode);
        int status = injector.inject();
        if (sender == Sender.IPI) { // when vCPU 0 has taken the next one, it has sent this one
            injector.drain();
            machine.injectors().ipi(Icr.fixed(0, LAST_VECTOR, false)).inject();
            Hang.orUntil(() -> machine.vcpu(0).mailbox().taken(LAST_VECTOR) > 0);
        } else {
            assertThat(status > 0).as("status %d", status)
                    .isEqualTo(mode != EXTINT && expected != Fate.DROPPED
                            || mode == STARTUP);
        }
        return Effect.of(machine.vcpu(1).inspect());
    }

    private static Effect send(Sender sender, int mode, MpState before, Fate expected) {
        try (Machine machine = Machine.builder(BuiltinGuest.SMP).irqchip(Irqchip.KERNEL).vcpus(2).start()) {
            return send(machine, sender, mode, before, expected);
        }
    }

    /** KVM's mode 3 ends HLT. The guest's handler takes NMIs; this path is not the one for which it does. */
    @ParameterizedTest
    @CsvSource({"0, HALTED, HALTED, TAKEN", "1, HALTED, HALTED, TAKEN", "3, HALTED, RUNNABLE, MISROUTED",
        "4, HALTED, HALTED, BREAKS", "5, HALTED, INIT_RECEIVED, BREAKS", "5, INIT_RECEIVED, INIT_RECEIVED, MISROUTED",
        "6, HALTED, HALTED, DROPPED", "6, INIT_RECEIVED, RUNNABLE, MISROUTED",
        "6, UNINITIALIZED, UNINITIALIZED, DROPPED", "7, HALTED, HALTED, MISROUTED"})
    void mode_doesWhatIsPredicted(int mode, MpState before, MpState after, Fate fate) {
        Effect expected = new Effect(after, mode < SMI, mode == NMI ? 1 : 0, false);
        for (Sender sender : Sender.values()) {
            assertThat(send(sender, mode, before, fate)).as(sender.toString()).isEqualTo(expected);
        }
    }

    @Test
    void smi_isPendingOrDropped() {
        boolean isDropped = RulesOfTheHost.found().has(Departure.NO_SMI);
        for (Sender sender : Sender.values()) {
            assertThat(send(sender, SMI, MpState.HALTED, isDropped ? Fate.DROPPED : Fate.BREAKS).smi())
                    .as(sender.toString())
                    .isEqualTo(!isDropped);
        }
    }

    /** {@code kvm_irq_delivery_to_apic} makes it fixed; one LAPIC takes it, whatever its mode. */
    @ParameterizedTest
    @ValueSource(ints = {SMI, 3, NMI, 5, STARTUP, EXTINT})
    void physicalBroadcastWithTheHint_isFixed(int mode) {
        MsiMessage message = new MsiMessage(BROADCAST | HINT, VECTOR | mode << 8);
        try (Machine machine = Machine.builder(BuiltinGuest.SMP).irqchip(Irqchip.KERNEL).vcpus(2).start()) {
            IntStream.range(0, 2).forEach(number -> settle(machine, number));
            List<GatePath> paths = IntStream.range(0, 2)
                    .mapToObj(number -> HostDepartures.gates(machine.vcpu(number).inspect(),
                            seen -> Gates.ofMessage(seen, Route.MSI, message)))
                    .toList();

            machine.injectors().message(message).inject();

            List<Effect> effects = IntStream.range(0, 2)
                    .mapToObj(number -> Effect.of(machine.vcpu(number).inspect()))
                    .toList();
            assertThat(effects).filteredOn(Effect::requested).hasSize(1);
            assertThat(effects)
                    .allMatch(effect -> effect.nmis() == 0 && !effect.smi() && effect.activity() == MpState.HALTED);
            assertThat(IntStream.range(0, 2).filter(number -> effects.get(number).requested()))
                    .allMatch(taker -> paths.get(taker).targetVcpus().vcpus().contains(taker)
                            && paths.get(taker).prediction().arrivals().getFirst().vector() == VECTOR);
        }
    }

    /** By the manuals it takes an NMI; KVM's table of logical IDs leaves it out. */
    @ParameterizedTest
    @ValueSource(ints = {BROADCAST, 0xfee02004, TO_SECOND})
    void nmiToALapicThatIsSoftwareDisabled_dependsOnHowItIsFound(int address) {
        MsiMessage message = new MsiMessage(address, NMI << 8);
        try (Machine machine = Machine.builder(BuiltinGuest.SMP).irqchip(Irqchip.KERNEL).vcpus(2).start()) {
            IntStream.range(0, 2).forEach(number -> settle(machine, number));
            Situation.of("vcpu[1].lapic.dfr=flat", "vcpu[1].lapic.ldr=2", "vcpu[1].lapic.svr=0xff")
                    .applyTo(machine, 0);
            GatePath path = HostDepartures.gates(machine.vcpu(1).inspect(),
                    seen -> Gates.ofMessage(seen, Route.MSI, message));

            machine.injectors().message(message).inject();

            int pending = machine.vcpu(1).inspect().cpu().events().nmisPending();
            assertThat(pending).isEqualTo(path.isAddressed() ? 1 : 0);
            assertThat(path.isAddressed()).isEqualTo(address != 0xfee02004
                    || RulesOfTheHost.found().has(Departure.ONE_LAPIC_FOR_EACH_ID));
        }
    }

    private static void settle(Machine machine, int vcpu) {
        Hang.orUntil(() -> machine.vcpu(vcpu).inspect().cpu().halted());
        machine.vcpu(vcpu).hold();
    }
}
