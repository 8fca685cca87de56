package dev.interject.interrupt.inject;

import dev.interject.device.Pic8259Pair;
import dev.interject.device.PicState;
import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;
import dev.interject.trace.Recorder;

/**
 * The 8259 pair in user space, shared between the thread that drives its lines and the vCPU thread that programs it and
 * acknowledges. A lock held for a few instructions orders them, as {@code pic_lock} does in the kernel.
 */
public final class PicController implements ExternalInterrupts, PortDevice {

    /** OCW2, and no ICW1 or OCW3 (bits 4:3 clear), with its EOI bit: specific or not, rotating or not. */
    private static final int OCW2_EOI_MASK = 0x38;
    private static final int OCW2_EOI = 0x20;

    private final Pic8259Pair pair = new Pic8259Pair();
    private final Recorder recorder;

    /** A pair in its reset state. */
    public PicController(Recorder recorder) {
        this.recorder = recorder;
    }

    /** Puts the pair's ports on the bus, behind the lock. */
    public void attachTo(PortBus bus) {
        Pic8259Pair.attach(bus, this);
    }

    /** Drives a line; the result is that of {@link Pic8259Pair#setLine}. */
    public synchronized int setLine(int line, boolean high) {
        long since = recorder.now();
        int status = pair.setLine(line, high);
        if (high) {
            recorder.lineRaised(since, line, status);
        } else {
            recorder.lineLowered(since, line);
        }
        return status;
    }

    /** Takes a line high and low again without interruption. */
    public synchronized int pulse(int line) {
        int status = setLine(line, true);
        setLine(line, false);
        return status;
    }

    @Override
    public synchronized boolean isPending() {
        return pair.output();
    }

    @Override
    public synchronized int acknowledge() {
        int vector = pair.acknowledge();
        recorder.vectorAcknowledged(vector);
        return vector;
    }

    @Override
    public synchronized int read(int port, int width) {
        return pair.read(port, width);
    }

    @Override
    public synchronized void write(int port, int width, int value) {
        pair.write(port, width, value);
        boolean command = port == Pic8259Pair.MASTER_PORT || port == Pic8259Pair.SLAVE_PORT;
        if (command && width == 1 && (value & OCW2_EOI_MASK) == OCW2_EOI) {
            recorder.picEoi(port == Pic8259Pair.SLAVE_PORT);
        }
    }

    /** The master's state. */
    public synchronized PicState masterState() {
        return pair.masterState();
    }

    /** The slave's state. */
    public synchronized PicState slaveState() {
        return pair.slaveState();
    }

    /** Puts the pair into a state, whatever its state is. */
    public synchronized void restore(PicState master, PicState slave) {
        pair.restore(master, slave);
    }
}
