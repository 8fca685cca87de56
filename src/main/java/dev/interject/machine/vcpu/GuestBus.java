package dev.interject.machine.vcpu;

import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

import dev.interject.device.CommandPort;
import dev.interject.device.MmioBus;
import dev.interject.device.PortBus;
import dev.interject.kvm.IoapicEoi;
import dev.interject.kvm.Mmio;
import dev.interject.kvm.PortIo;

/**
 * The devices that a vCPU can access by port and by address. On the vCPU's thread; allocates nothing.
 *
 * @param memory         the devices at addresses outside RAM
 * @param endOfInterrupt receives the vectors whose EOI an IOAPIC outside the kernel waits for
 * @param off            whether the guest has switched its machine off
 * @param trace          records each access
 */
public record GuestBus(PortBus ports, MmioBus memory, IntConsumer endOfInterrupt, BooleanSupplier off,
        VcpuTrace trace) {

    /** Returns whether the machine is still on, so that the guest may run on. */
    boolean access(PortIo io) {
        for (int i = 0; i < io.count(); i++) {
            if (io.isWrite()) {
                trace.accessed(io, io.value(i)); // first: what the write causes is recorded after it
                ports.write(io.port(), io.width(), io.value(i));
            } else {
                int value = ports.read(io.port(), io.width());
                io.answer(i, value);
                trace.accessed(io, value);
            }
        }
        if (io.port() == CommandPort.PORT) {
            trace.handlerRan(CommandPort.VECTOR); // the handler that fetches commands sends no doorbell
        }
        return !off.getAsBoolean();
    }

    void access(Mmio mmio) {
        if (mmio.isWrite()) {
            trace.accessed(mmio, mmio.value());
            memory.write(mmio.address(), mmio.width(), mmio.value());
        } else {
            long value = memory.read(mmio.address(), mmio.width());
            mmio.answer(value);
            trace.accessed(mmio, value);
        }
    }

    void ended(IoapicEoi eoi) {
        endOfInterrupt.accept(eoi.vector());
    }
}
