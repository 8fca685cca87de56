package dev.interject.interrupt;

import dev.interject.device.Pic8259Pair;
import dev.interject.device.PicState;
import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;

/**
 * Our own 8259 pair, shared between the thread that drives its lines and the vCPU thread that programs it and
 * acknowledges. A lock held for a few instructions orders them, as {@code pic_lock} does in the kernel.
 */
public final class PicController implements ExternalInterrupts, PortDevice {

    private final Pic8259Pair pair = new Pic8259Pair();

    /** A pair as {@link Pic8259Pair} has it when new. */
    public PicController() {}

    /** Puts the pair's ports on the bus, behind the lock. */
    public void attachTo(PortBus bus) {
        Pic8259Pair.attach(bus, this);
    }

    /** Drives a line; the result is that of {@link Pic8259Pair#setLine}. */
    public synchronized int setLine(int line, boolean high) {
        return pair.setLine(line, high);
    }

    /** Takes a line high and low again with nothing in between. */
    public synchronized int pulse(int line) {
        int status = pair.setLine(line, true);
        pair.setLine(line, false);
        return status;
    }

    @Override
    public synchronized boolean isPending() {
        return pair.output();
    }

    @Override
    public synchronized int acknowledge() {
        return pair.acknowledge();
    }

    @Override
    public synchronized int read(int port, int width) {
        return pair.read(port, width);
    }

    @Override
    public synchronized void write(int port, int width, int value) {
        pair.write(port, width, value);
    }

    public synchronized PicState masterState() {
        return pair.masterState();
    }

    public synchronized PicState slaveState() {
        return pair.slaveState();
    }

    /** Puts the pair into a state, whatever it has been through. */
    public synchronized void restore(PicState master, PicState slave) {
        pair.restore(master, slave);
    }
}
