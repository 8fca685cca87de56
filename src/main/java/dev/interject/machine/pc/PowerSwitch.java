package dev.interject.machine.pc;

import java.util.Objects;

import dev.interject.device.pc.PowerControl;

/** Whether a machine is on. The first request to end switches it off; it stays off. */
public final class PowerSwitch implements PowerControl {

    private final PowerControl receiver;
    private volatile boolean off;
    private volatile boolean paused;

    /** @param receiver gets the first request */
    public PowerSwitch(PowerControl receiver) {
        this.receiver = Objects.requireNonNull(receiver, "receiver");
    }

    /** Switches off; returns whether it was on. */
    public synchronized boolean switchOff() {
        boolean wasOn = !off;
        off = true;
        return wasOn;
    }

    /** Keeps the vCPUs that access a device from running on, until {@link #resume}. */
    public void pause() {
        paused = true;
    }

    /** Ends a pause. */
    public void resume() {
        paused = false;
    }

    boolean isOff() {
        return off || paused;
    }

    @Override
    public void exit(int value) {
        if (switchOff()) {
            receiver.exit(value);
        }
    }

    @Override
    public void reset(String cause) {
        if (switchOff()) {
            receiver.reset(cause);
        }
    }
}
