package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import dev.interject.Hang;
import dev.interject.guest.BootParameters;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.kvm.state.MpState;
import dev.interject.machine.FrozenVcpu;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;

/** A guest that takes line 10 of the kernel's 8259s, and what happens to an interrupt there. */
final class ObservedGuest implements MachineListener, AutoCloseable {

    static final int LINE = 10;
    static final int VECTOR = 0x2a;
    static final String TAKEN = "taken";
    static final String TRIPLE_FAULT = "triple fault";

    private final Machine machine;
    private final OptionalLong loop;
    private volatile boolean ready;
    private volatile String end;

    /** @param lines those that the guest opens, and for guest protected what it does */
    ObservedGuest(GuestImage image, BootMode mode, Set<Integer> lines) {
        this.machine = new Machine(
                new MachinePlan(Irqchip.KERNEL, image, mode, BootParameters.lines(lines, Trigger.EDGE)), this);
        this.loop = image.symbols().value("spinning");
        machine.start();
        await(() -> end != null || ready && hasComeToRest());
        assertThat(end).isNull();
    }

    /** A guest that reports READY has yet to go to its HLT or to its endless loop, whose stack is not used. */
    private boolean hasComeToRest() {
        return machine.vcpu(0).freeze(vcpu -> {
            long rip = vcpu.registers().rip();
            return vcpu.activity() == MpState.HALTED
                    || loop.isPresent() && (rip == loop.getAsLong() || rip == loop.getAsLong() + 1);
        });
    }

    private static void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - start < Hang.AFTER.toNanos()) {
            LockSupport.parkNanos(200_000);
        }
        assertThat(condition.getAsBoolean()).as("nothing happens").isTrue();
    }

    /** Runs an action while the vCPU is out of the guest, and pulses the line then. */
    void interrupt(Consumer<FrozenVcpu> action) {
        machine.vcpu(0).freeze(vcpu -> {
            action.accept(vcpu);
            vcpu.inject(machine.injectors().kernelLine(LINE, Trigger.EDGE));
            return null;
        });
    }

    /** How often the handler of the line ran. */
    long taken() {
        return machine.vcpu(0).mailbox().taken(VECTOR);
    }

    /**
     * What has happened to it: taken, the exception that the guest reports with its error code, or a triple fault.
     *
     * @param endsOnly whether the guest is to end, even if the handler runs; otherwise that handler is to return
     */
    String outcome(boolean endsOnly) {
        await(() -> {
            boolean isTaken = taken() > 0;
            boolean isAtRest = end == null && hasComeToRest(); // a kick: a host may notice interrupts at exits only
            return end != null || !endsOnly && isTaken && isAtRest;
        });
        return end != null ? end : TAKEN;
    }

    Machine machine() {
        return machine;
    }

    @Override
    public void ready() {
        ready = true;
    }

    @Override
    public void taken(int vcpu, int vector) {
        // counted in the mailbox
    }

    @Override
    public void fault(int vcpu, int vector) {
        end = "%s 0x%x".formatted(CpuException.mnemonic(vector), machine.vcpu(0).mailbox().faultErrorCode());
    }

    @Override
    public void spurious(int vcpu, int vector) {
        end = "spurious";
    }

    @Override
    public void ended(VcpuEnd ended) {
        if (end == null) {
            end = ended instanceof VcpuEnd.Crashed crash && crash.how().contains(TRIPLE_FAULT) ? TRIPLE_FAULT
                    : ended.toString();
        }
    }

    @Override
    public void close() {
        machine.close();
    }
}
