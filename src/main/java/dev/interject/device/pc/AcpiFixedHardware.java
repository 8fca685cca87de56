package dev.interject.device.pc;

import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;

/**
 * The registers of ACPI's fixed hardware (ACPI Specification 6.5, 4.8.3): PM1 event and control, and the power
 * management timer. There are no buttons and no sleep states, so no event but the timer's carry occurs, and nothing
 * raises the SCI: the enable bit of the carry stays 0.
 */
public final class AcpiFixedHardware implements PortDevice {

    /** PM1 status (2 bytes) and PM1 enable (2 bytes). */
    public static final int EVENT_PORT = 0x600;
    /** PM1 control, 2 bytes. */
    public static final int CONTROL_PORT = 0x604;
    /** The timer, 4 bytes, of which 24 bits count. */
    public static final int TIMER_PORT = 0x608;

    private static final int LAST_PORT = TIMER_PORT + 3;
    private static final int ENABLE_OFFSET = 2;
    private static final int CONTROL_OFFSET = CONTROL_PORT - EVENT_PORT;

    private static final long TICKS_PER_SECOND = 3_579_545;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final int TIMER_BITS = 24;

    private static final int CARRY = 1;
    private static final int ACPI_MODE = 1; // SCI_EN: there is no other mode

    private final DeviceClock clock;
    private final long start;
    /** How often the timer's highest bit had changed when the carry was cleared last. */
    private long seenCarries;
    private int enabled;

    /** @param clock drives the timer */
    public AcpiFixedHardware(DeviceClock clock) {
        this.clock = clock;
        this.start = clock.nanoTime();
    }

    /** Registers it at its ports. */
    public void attachTo(PortBus bus) {
        bus.register(EVENT_PORT, LAST_PORT, this);
    }

    @Override
    public synchronized int read(int port, int width) {
        if (port >= TIMER_PORT) {
            return (int) (ticks() & (1 << TIMER_BITS) - 1) >>> (port - TIMER_PORT) * Byte.SIZE;
        }
        int status = carries() == seenCarries ? 0 : CARRY;
        long registers = status | (long) enabled << ENABLE_OFFSET * Byte.SIZE
                | (long) ACPI_MODE << CONTROL_OFFSET * Byte.SIZE;
        return (int) (registers >>> (port - EVENT_PORT) * Byte.SIZE);
    }

    @Override
    public synchronized void write(int port, int width, int value) {
        for (int i = 0; i < width; i++) {
            writeByte(port + i, value >>> i * Byte.SIZE & 0xff);
        }
    }

    private void writeByte(int port, int value) {
        switch (port - EVENT_PORT) {
            case 0 -> {
                if ((value & CARRY) != 0) {
                    seenCarries = carries();
                }
            }
            case ENABLE_OFFSET -> enabled = enabled & 0xff00 | value & ~CARRY;
            case ENABLE_OFFSET + 1 -> enabled = enabled & 0xff | value << Byte.SIZE;
            default -> {
                // control: no sleep state; the timer is read-only
            }
        }
    }

    private long ticks() {
        long nanos = clock.nanoTime() - start;
        return nanos / NANOS_PER_SECOND * TICKS_PER_SECOND
                + nanos % NANOS_PER_SECOND * TICKS_PER_SECOND / NANOS_PER_SECOND;
    }

    /** How often the timer's highest bit has changed, which each time sets the status. */
    private long carries() {
        return ticks() >> TIMER_BITS - 1;
    }
}
