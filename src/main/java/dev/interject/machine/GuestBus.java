package dev.interject.machine;

import java.util.function.IntConsumer;

import dev.interject.device.MmioBus;
import dev.interject.device.PortBus;
import dev.interject.kvm.IoapicEoi;
import dev.interject.kvm.Mmio;
import dev.interject.kvm.PortIo;

/**
 * What a vCPU reaches outside its RAM, and what answers there. On the vCPU's thread; allocates nothing.
 *
 * @param memory         what lies beside RAM
 * @param endOfInterrupt hears the vectors whose EOI an IOAPIC outside the kernel waits for
 */
record GuestBus(PortBus ports, MmioBus memory, IntConsumer endOfInterrupt) {

    void access(PortIo io) {
        for (int i = 0; i < io.count(); i++) {
            if (io.isWrite()) {
                ports.write(io.port(), io.width(), io.value(i));
            } else {
                io.answer(i, ports.read(io.port(), io.width()));
            }
        }
    }

    void access(Mmio mmio) {
        if (mmio.isWrite()) {
            memory.write(mmio.address(), mmio.width(), mmio.value());
        } else {
            mmio.answer(memory.read(mmio.address(), mmio.width()));
        }
    }

    void ended(IoapicEoi eoi) {
        endOfInterrupt.accept(eoi.vector());
    }
}
