package dev.interject.interrupt.inject;

import dev.interject.device.Ioapic;
import dev.interject.device.IoapicOutput;
import dev.interject.device.IoapicState;
import dev.interject.device.MmioBus;
import dev.interject.device.MmioDevice;
import dev.interject.trace.Recorder;

/**
 * The IOAPIC in user space, shared between the thread that drives its pins and the vCPU thread that programs it and
 * reports the LAPIC's EOIs. A lock orders them, as {@code ioapic->lock} does in the kernel; like there, an interrupt is
 * delivered under it, so that no EOI overtakes the delivery that it belongs to.
 */
public final class IoapicController implements MmioDevice {

    private final Ioapic ioapic;
    private final Recorder recorder;

    /** Makes one whose interrupts go to {@code output}, which is called under the lock. */
    public IoapicController(IoapicOutput output, Recorder recorder) {
        this.ioapic = new Ioapic(output);
        this.recorder = recorder;
    }

    /** Puts its registers on the bus, behind the lock. */
    public void attachTo(MmioBus bus, long address) {
        bus.register(address, Ioapic.BYTES, this);
    }

    /** Drives a pin; the result is that of {@link Ioapic#setPin}. */
    public synchronized int setPin(int pin, boolean high) {
        long since = recorder.now();
        int status = ioapic.setPin(pin, high);
        if (high) {
            recorder.lineRaised(since, pin, status);
        } else {
            recorder.lineLowered(since, pin);
        }
        return status;
    }

    /** Takes a pin high and low again without interruption. */
    public synchronized int pulse(int pin) {
        int status = setPin(pin, true);
        setPin(pin, false);
        return status;
    }

    /** The LAPIC has ended a vector ({@code KVM_EXIT_IOAPIC_EOI}). */
    public synchronized void endOfInterrupt(int vector) {
        recorder.ioapicEoi(vector);
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

    /** The IOAPIC's state. */
    public synchronized IoapicState state() {
        return ioapic.state();
    }

    /** Puts the IOAPIC into a state, whatever its state is. */
    public synchronized void restore(IoapicState state) {
        ioapic.restore(state);
    }
}
