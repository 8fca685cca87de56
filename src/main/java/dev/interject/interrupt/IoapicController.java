package dev.interject.interrupt;

import dev.interject.device.Ioapic;
import dev.interject.device.IoapicOutput;
import dev.interject.device.IoapicState;
import dev.interject.device.MmioBus;
import dev.interject.device.MmioDevice;

/**
 * Our own IOAPIC, shared between the thread that drives its pins and the vCPU thread that programs it and reports the
 * LAPIC's EOIs. A lock orders them, as {@code ioapic->lock} does in the kernel; like there, an interrupt is delivered
 * under it, so that no EOI overtakes the delivery that it belongs to.
 */
public final class IoapicController implements MmioDevice {

    private final Ioapic ioapic;

    /** Makes one whose interrupts go to {@code output}, which is called under the lock. */
    public IoapicController(IoapicOutput output) {
        ioapic = new Ioapic(output);
    }

    /** Puts its registers on the bus, behind the lock. */
    public void attachTo(MmioBus bus, long address) {
        bus.register(address, Ioapic.BYTES, this);
    }

    /** Drives a pin; the result is that of {@link Ioapic#setPin}. */
    public synchronized int setPin(int pin, boolean high) {
        return ioapic.setPin(pin, high);
    }

    /** Takes a pin high and low again with nothing in between. */
    public synchronized int pulse(int pin) {
        int status = ioapic.setPin(pin, true);
        ioapic.setPin(pin, false);
        return status;
    }

    /** Hears that the LAPIC has ended a vector ({@code KVM_EXIT_IOAPIC_EOI}). */
    public synchronized void endOfInterrupt(int vector) {
        ioapic.endOfInterrupt(vector);
    }

    @Override
    public synchronized long read(long offset, int width) {
        return ioapic.read(offset, width);
    }

    @Override
    public synchronized void write(long offset, int width, long value) {
        ioapic.write(offset, width, value);
    }

    public synchronized IoapicState state() {
        return ioapic.state();
    }

    /** Puts the IOAPIC into a state, whatever it has been through. */
    public synchronized void restore(IoapicState state) {
        ioapic.restore(state);
    }
}
