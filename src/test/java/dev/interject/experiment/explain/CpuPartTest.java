package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import dev.interject.RequiresKvm;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.Trial;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.machine.FrozenVcpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the CPU does after the IDT: the stack frame, the handler's page, and the way back. */
@RequiresKvm
class CpuPartTest {

    private static final long PATIENCE = Duration.ofSeconds(60).toNanos();
    private static final int VECTOR = 0x2a;
    private static final int GATE_BYTES = 16;
    private static final int IST1 = 0x24;
    private static final long UNMAPPED = 0x7000_0000L;

    private static Trial trial() {
        return new Trial(RunPlan.on(MachineChoice.of(Irqchip.KERNEL, BuiltinGuest.PIC))
                .with(InterruptChoice.by(Route.LINE).withLine(10))
                .with(Pace.oneByOne(1)));
    }

    private static void assertBreaks(Consumer<FrozenVcpu> change, GateKind kind, String meaning) {
        try (Trial trial = trial()) {
            Prediction prediction = trial.predictAndInject(change);

            assertThat(prediction.fate()).isEqualTo(Fate.BREAKS);
            assertThat(prediction.because()).hasValueSatisfying(gate -> {
                assertThat(gate.kind()).isEqualTo(kind);
                assertThat(gate.meaning()).contains(meaning);
            });
            long start = System.nanoTime();
            while (trial.guestRuns() && System.nanoTime() - start < PATIENCE) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(trial.guestRuns()).isFalse();
        }
    }

    private static void assertTaken(Consumer<FrozenVcpu> change) {
        try (Trial trial = trial()) {
            Prediction prediction = trial.predictAndInject(change);

            assertThat(prediction.because().map(Gate::place)).isEmpty();
            assertThat(trial.awaitTaken(prediction.vectors())).containsExactly(VECTOR);
        }
    }

    private static void idt(FrozenVcpu vcpu, int offset, int value) {
        vcpu.write(vcpu.state().cpu().special().idt().base() + VECTOR * GATE_BYTES + offset, (byte) value);
    }

    @ParameterizedTest
    @ValueSource(longs = {UNMAPPED, UNMAPPED + 8, MemoryMap.RAM_BYTES + 16})
    void stackThatIsNotMapped_isATripleFault(long rsp) {
        assertBreaks(vcpu -> vcpu.registers(registers -> registers.withRsp(rsp)), GateKind.STACK_PAGE,
                "#PF, error code 0x2");
    }

    @Test
    void stackThatIsNotCanonical_isATripleFault() {
        assertBreaks(vcpu -> vcpu.registers(registers -> registers.withRsp(1L << 50)), GateKind.STACK_PAGE,
                "#SS, error code 0x%x".formatted(RulesOfTheHost.found().has(Departure.NO_EXTERNAL_BIT) ? 0 : 1));
    }

    @Test
    void stackAtTheEndOfAMappedPage_hasRoom() {
        assertTaken(vcpu -> vcpu.registers(registers -> registers.withRsp(MemoryMap.RAM_BYTES)));
    }

    @Test
    void stackOfTheTssThatIsNotMapped_isATripleFault() {
        assertBreaks(vcpu -> {
            vcpu.write(IST1, (byte) 0, (byte) 0, (byte) 0, (byte) 0x70, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
            idt(vcpu, 4, 1);
        }, GateKind.STACK_PAGE, "#PF");
    }

    @Test
    void handlerThatIsNotMapped_isAPageFault() {
        assertBreaks(vcpu -> {
            idt(vcpu, 6, 0);
            idt(vcpu, 7, 0x70);
        }, GateKind.HANDLER_PAGE, "cannot be fetched: #PF");
    }

    @Test
    void gdtWithoutTheSelectorOfSs_breaksTheReturnFromTheHandler() {
        assertBreaks(vcpu -> vcpu.special(
                special -> special.withGdt(new DescriptorTable(special.gdt().base(), 0x0f))), GateKind.RETURN,
                "its IRET raises #GP, error code 0x10");
    }
}
