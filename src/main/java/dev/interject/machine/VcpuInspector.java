package dev.interject.machine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.interrupt.inject.InterruptWindow;
import dev.interject.interrupt.inject.LineLevels;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Vcpu;

/** Brings vCPUs out of the guest to look at them, and lets them run on. */
final class VcpuInspector {

    private static final long LOOK_AGAIN_MILLIS = 1;

    private final Irqchip irqchip;
    private final List<VcpuContext> processors;
    private final Controllers controllers;
    private final GuestMemory memory;
    private final RoutingTable routes;
    private final LineLevels wires;

    VcpuInspector(Irqchip irqchip, List<VcpuContext> processors, Controllers controllers, GuestMemory memory,
            RoutingTable routes, LineLevels wires) {
        this.routes = routes;
        this.wires = wires;
        this.irqchip = irqchip;
        this.processors = processors;
        this.controllers = controllers;
        this.memory = memory;
    }

    GuestState look(int vcpu) {
        return look(vcpu, Function.identity());
    }

    <T> T look(int vcpu, Function<GuestState, T> reader) {
        return processors.get(vcpu).thread().errands().call(() -> reader.apply(capture(vcpu)));
    }

    GuestState lookWhenOpen(int vcpu, Duration time) {
        if (irqchip == Irqchip.USERSPACE) {
            return processors.get(vcpu).thread().errands().callWhenOpen(() -> capture(vcpu), time);
        }
        // Nobody tells when a guest opens if its LAPIC is in the kernel and it sleeps: look again and again.
        long deadline = System.nanoTime() + time.toNanos();
        GuestState state = look(vcpu);
        while (!state.isOpen() && deadline - System.nanoTime() > 0) {
            pause();
            state = look(vcpu);
        }
        return state;
    }

    <T> T whenOpen(int vcpu, Callable<T> errand, Duration time) {
        return processors.get(vcpu).thread().errands().callWhenOpen(errand, time);
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the guest", interrupted);
        }
    }

    private GuestState capture(int vcpu) {
        VcpuContext processor = processors.get(vcpu);
        return new StateReader(vcpu, processor.vcpu(), memory)
                .read(irqchip, processors.size(), processor.thread().isHalted(), controllers, routes.routes(),
                        wires.high());
    }

    Pending.Change whileStopped(int vcpu, Runnable handOver, Duration patience) {
        VcpuContext processor = processors.get(vcpu);
        return processor.thread().errands().call(() -> {
            Pending before = pending(processor);
            handOver.run();
            processor.thread().nmis().ask();
            return new Pending.Change(before, pending(processor));
        }, patience);
    }

    private Pending pending(VcpuContext processor) {
        Vcpu vcpu = processor.vcpu();
        return new Pending(irqchip.hasLapicInKernel() ? Optional.of(vcpu.lapicRegisters()) : Optional.empty(),
                controllers.master(), controllers.slave(), vcpu.events().nmisPending());
    }

    <T> T frozen(int vcpu, Function<FrozenVcpu, T> work) {
        VcpuContext processor = processors.get(vcpu);
        FrozenVcpu bench = new FrozenVcpu(processor, controllers, routes, memory, () -> capture(vcpu));
        return processor.thread().errands().call(() -> {
            T result = work.apply(bench);
            processor.thread().window().ifPresent(InterruptWindow::invalidate);
            return result;
        });
    }
}
