package dev.interject.device.pc;

import java.util.OptionalLong;

import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;

/**
 * The 8254 timer of a PC (Intel 8254 data sheet) with system control port B: counter 0 drives line 0, and counter 2 has
 * its gate and its output at port 0x61. A period in which no interrupt could be sent coalesces with the next.
 * Thread-safe.
 */
public final class Pit8254 implements PortDevice {

    /** The port of counter 0. */
    public static final int COUNTER_PORT = 0x40;
    /** The port for control words. */
    public static final int CONTROL_PORT = 0x43;
    /** System control port B. */
    public static final int SPEAKER_PORT = 0x61;
    /** The line of counter 0. */
    public static final int LINE = 0;

    private static final int COUNTERS = 3;
    private static final int SPEAKER = 2;
    private static final int BYTE = 0xff;

    // Control words
    private static final int COUNTER_SHIFT = 6;
    private static final int READ_BACK = 3;
    private static final int KEEP_COUNT = 1 << 5;
    private static final int KEEP_STATUS = 1 << 4;
    private static final int ACCESS_SHIFT = 4;
    private static final int ACCESS_MASK = 3;
    private static final int LATCH = 0;
    private static final int MODE_SHIFT = 1;
    private static final int MODE_MASK = 7;

    // Port B
    private static final int GATE = 1;
    private static final int SPEAKER_ON = 1 << 1;
    private static final int REFRESH = 1 << 4;
    private static final int OUTPUT = 1 << 5;

    private final LineOutput line;
    private final PitCounter[] counters = new PitCounter[COUNTERS];
    private final DeviceTimer timer;
    private int portB;

    /**
     * @param clock tells the time
     * @param line  driven by counter 0
     */
    public Pit8254(DeviceClock clock, LineOutput line) {
        this.line = line;
        this.timer = clock.timer(this::risen);
        for (int i = 0; i < COUNTERS; i++) {
            counters[i] = new PitCounter(clock);
        }
        counters[SPEAKER].gate(false);
    }

    /** Registers it at its ports. */
    public void attachTo(PortBus bus) {
        bus.register(COUNTER_PORT, CONTROL_PORT, this);
        bus.register(SPEAKER_PORT, SPEAKER_PORT, this);
    }

    @Override
    public synchronized int read(int port, int width) {
        return switch (port) {
            case SPEAKER_PORT -> {
                portB ^= REFRESH; // toggles all the time
                yield portB | (counters[SPEAKER].gate() ? GATE : 0) | (counters[SPEAKER].output() ? OUTPUT : 0);
            }
            case CONTROL_PORT -> BYTE;
            default -> counters[port - COUNTER_PORT].read();
        };
    }

    @Override
    public synchronized void write(int port, int width, int value) {
        int written = value & BYTE;
        switch (port) {
            case SPEAKER_PORT -> {
                portB = portB & REFRESH | written & SPEAKER_ON;
                counters[SPEAKER].gate((written & GATE) != 0);
            }
            case CONTROL_PORT -> control(written);
            default -> {
                int number = port - COUNTER_PORT;
                if (counters[number].write(written) && number == 0) {
                    schedule(); // as in the kernel's PIT, the first interrupt comes after a whole period
                }
            }
        }
    }

    private void control(int word) {
        int number = word >> COUNTER_SHIFT;
        int access = word >> ACCESS_SHIFT & ACCESS_MASK;
        if (number == READ_BACK) {
            for (int i = 0; i < COUNTERS; i++) {
                if ((word & 1 << i + 1) != 0) {
                    latch(counters[i], word);
                }
            }
        } else if (access == LATCH) {
            counters[number].latchCount();
        } else {
            counters[number].control(access, word >> MODE_SHIFT & MODE_MASK);
            if (number == 0) {
                timer.disarm();
            }
        }
    }

    private static void latch(PitCounter counter, int word) {
        if ((word & KEEP_COUNT) == 0) {
            counter.latchCount();
        }
        if ((word & KEEP_STATUS) == 0) {
            counter.latchStatus();
        }
    }

    private void schedule() {
        OptionalLong next = counters[0].nextRise();
        if (next.isPresent()) {
            timer.arm(next.getAsLong());
        } else {
            timer.disarm();
        }
    }

    /** A pulse, as from the kernel's PIT: the output stays high, but what counts is its edge. */
    private synchronized void risen() {
        line.pulse();
        schedule();
    }
}
