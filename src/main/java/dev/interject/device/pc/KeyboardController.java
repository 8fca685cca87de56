package dev.interject.device.pc;

import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;

/**
 * The 8042 keyboard controller (IBM PS/2 Hardware Interface Technical Reference) without a keyboard: it answers its own
 * commands and resets the machine.
 */
public final class KeyboardController implements PortDevice {

    /** Data. */
    public static final int DATA_PORT = 0x60;
    /** Commands when written, the status when read. */
    public static final int COMMAND_PORT = 0x64;

    // Commands
    private static final int READ_CONFIGURATION = 0x20;
    private static final int WRITE_CONFIGURATION = 0x60;
    private static final int SELF_TEST = 0xaa;
    private static final int TEST_KEYBOARD_PORT = 0xab;
    private static final int TEST_MOUSE_PORT = 0xa9;
    private static final int READ_OUTPUT_PORT = 0xd0;
    private static final int WRITE_OUTPUT_PORT = 0xd1;
    private static final int PULSE = 0xf0;

    private static final int NO_COMMAND = 0;
    private static final int SELF_TEST_PASSED = 0x55;
    private static final int PORT_WORKS = 0;

    // Status
    private static final int OUTPUT_FULL = 1;
    private static final int PASSED_SELF_TEST = 1 << 2;
    private static final int LAST_WAS_COMMAND = 1 << 3;

    // Output port
    private static final int NO_RESET = 1;
    private static final int A20 = 1 << 1;

    private static final int NO_BYTE = -1;
    private static final int BYTE = 0xff;

    private final PowerControl power;
    private int configuration;
    private int answer = NO_BYTE;
    private int command = NO_COMMAND;
    private boolean lastWasCommand;

    /** @param power receives a reset */
    public KeyboardController(PowerControl power) {
        this.power = power;
    }

    /** Registers it at its ports. */
    public void attachTo(PortBus bus) {
        bus.register(DATA_PORT, DATA_PORT, this);
        bus.register(COMMAND_PORT, COMMAND_PORT, this);
    }

    @Override
    public synchronized int read(int port, int width) {
        if (port == COMMAND_PORT) {
            return PASSED_SELF_TEST | (answer == NO_BYTE ? 0 : OUTPUT_FULL) | (lastWasCommand ? LAST_WAS_COMMAND : 0);
        }
        int value = answer == NO_BYTE ? 0 : answer;
        answer = NO_BYTE;
        return value;
    }

    @Override
    public synchronized void write(int port, int width, int value) {
        int written = value & BYTE;
        lastWasCommand = port == COMMAND_PORT;
        if (port == COMMAND_PORT) {
            command(written);
        } else {
            data(written);
        }
    }

    private void command(int written) {
        command = NO_COMMAND;
        switch (written) {
            case READ_CONFIGURATION -> answer = configuration;
            case SELF_TEST -> answer = SELF_TEST_PASSED;
            case TEST_KEYBOARD_PORT, TEST_MOUSE_PORT -> answer = PORT_WORKS;
            case READ_OUTPUT_PORT -> answer = NO_RESET | A20;
            case WRITE_CONFIGURATION, WRITE_OUTPUT_PORT -> command = written;
            default -> {
                if (written >= PULSE && (written & NO_RESET) == 0) {
                    power.reset("the keyboard controller");
                }
            }
        }
    }

    private void data(int written) {
        if (command == WRITE_CONFIGURATION) {
            configuration = written;
        } else if (command == WRITE_OUTPUT_PORT && (written & NO_RESET) == 0) {
            power.reset("the keyboard controller");
        }
        command = NO_COMMAND;
    }
}
