package dev.interject.device.pc;

import java.util.function.IntConsumer;

import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;

/**
 * A 16550A UART (National Semiconductor PC16550D data sheet) whose line sends at once.
 *
 * <p>As in a PC, its interrupt reaches the controllers only while OUT2 (bit 3 of the modem control register) is set.
 * Departures: a character is sent as soon as it is written, whatever the divisor; no parity, framing or break errors
 * occur; a receive FIFO below its trigger level times out at once. Thread-safe.
 */
public final class Serial16550 implements PortDevice {

    /** The first of its eight ports as the first serial port. */
    public static final int COM1 = 0x3f8;
    /** The line of the first serial port. */
    public static final int COM1_LINE = 4;

    private static final int PORTS = 8;
    /** What waits in the host beyond the FIFO. */
    private static final int QUEUE_BYTES = 4096;
    private static final int FIFO_BYTES = 16;
    private static final int BYTE = 0xff;

    // Registers
    private static final int DATA = 0;
    private static final int INTERRUPT_ENABLE = 1;
    private static final int INTERRUPT_IDENTIFICATION = 2;
    private static final int LINE_CONTROL = 3;
    private static final int MODEM_CONTROL = 4;
    private static final int LINE_STATUS = 5;
    private static final int MODEM_STATUS = 6;

    private static final int DIVISOR_LATCH = 1 << 7;
    private static final int LOOPBACK = 1 << 4;
    private static final int OUT2 = 1 << 3;
    private static final int MODEM_CONTROLS = 0x1f;

    private static final int RECEIVED_ENABLED = 1;
    private static final int EMPTY_ENABLED = 1 << 1;
    private static final int ENABLE_BITS = 0x0f;

    private static final int FIFO_ENABLED = 1;
    private static final int CLEAR_RECEIVER = 1 << 1;
    private static final int[] TRIGGERS = {1, 4, 8, 14};
    private static final int TRIGGER_SHIFT = 6;

    // Interrupt identification
    private static final int NONE = 0x01;
    private static final int EMPTY = 0x02;
    private static final int RECEIVED = 0x04;
    private static final int TIMEOUT = 0x0c;
    private static final int FIFOS = 0xc0;

    // Line and modem status
    private static final int DATA_READY = 1;
    private static final int TRANSMITTER_EMPTY = 0x60;
    private static final int CARRIER_READY_CLEAR = 0xb0;

    private final IntConsumer output;
    private final LineOutput line;
    private final byte[] received = new byte[QUEUE_BYTES];
    private int first;
    private int size;
    /** How many of these have arrived at the UART. */
    private int arrived;
    private int enabled;
    private int lineControl;
    private int modemControl;
    private int scratch;
    private int divisor = 12; // 9600 baud
    private boolean fifo;
    private int trigger = 1;
    private boolean emptyPending;
    private boolean high;
    private boolean closed;

    /**
     * @param output receives each character that the guest sends, 0–255
     * @param line   its interrupt
     */
    public Serial16550(IntConsumer output, LineOutput line) {
        this.output = output;
        this.line = line;
    }

    /** Registers it as the first serial port. */
    public void attachTo(PortBus bus) {
        bus.register(COM1, COM1 + PORTS - 1, this);
    }

    /**
     * Sends characters to the guest; waits while the guest does not read those before.
     *
     * @return                      whether it has them all; false after {@link #close}
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public synchronized boolean receive(byte[] characters, int length) throws InterruptedException {
        for (int i = 0; i < length; i++) {
            while (size == QUEUE_BYTES && !closed) {
                wait();
            }
            if (closed) {
                return false;
            }
            append(characters[i]);
            arrive();
        }
        return !closed;
    }

    /** Ends waiting for the guest to read. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    private void append(byte character) {
        if (size < QUEUE_BYTES) {
            received[(first + size) % QUEUE_BYTES] = character;
            size++;
        }
    }

    @Override
    public synchronized int read(int port, int width) {
        int value = switch (port - COM1) {
            case DATA -> isDivisor() ? divisor & BYTE : next();
            case INTERRUPT_ENABLE -> isDivisor() ? divisor >> Byte.SIZE : enabled;
            case INTERRUPT_IDENTIFICATION -> identify();
            case LINE_CONTROL -> lineControl;
            case MODEM_CONTROL -> modemControl;
            case LINE_STATUS -> TRANSMITTER_EMPTY | (arrived > 0 ? DATA_READY : 0);
            case MODEM_STATUS -> modemStatus();
            default -> scratch;
        };
        update();
        if (arrived == 0 && size > 0) {
            arrive(); // after the interrupt has fallen, so that it rises again
        }
        return value;
    }

    /** Characters are passed on without the lock, so that an output that waits does not hold up what is received. */
    @Override
    public void write(int port, int width, int value) {
        int written = value & BYTE;
        if (writeRegister(port - COM1, written)) {
            output.accept(written);
        }
    }

    /** Returns whether it sends the character. */
    private synchronized boolean writeRegister(int register, int written) {
        boolean sends = register == DATA && !isDivisor() && !isLoopback();
        switch (register) {
            case DATA -> writeData(written);
            case INTERRUPT_ENABLE -> writeEnable(written);
            case INTERRUPT_IDENTIFICATION -> writeFifoControl(written);
            case LINE_CONTROL -> lineControl = written;
            case MODEM_CONTROL -> modemControl = written & MODEM_CONTROLS;
            case LINE_STATUS, MODEM_STATUS -> {
                // read-only
            }
            default -> scratch = written;
        }
        update();
        return sends;
    }

    private boolean isDivisor() {
        return (lineControl & DIVISOR_LATCH) != 0;
    }

    private boolean isLoopback() {
        return (modemControl & LOOPBACK) != 0;
    }

    private void arrive() {
        arrived = Math.min(size, fifo ? FIFO_BYTES : 1);
        update();
    }

    private int next() {
        if (arrived == 0) {
            return 0;
        }
        byte character = received[first];
        first = (first + 1) % QUEUE_BYTES;
        size--;
        arrived--;
        notifyAll();
        return Byte.toUnsignedInt(character);
    }

    private int identify() {
        int pending = pending();
        if (pending == EMPTY) {
            emptyPending = false; // reading it acknowledges it
        }
        return pending | (fifo ? FIFOS : 0);
    }

    private int modemStatus() {
        // in loopback DTR, RTS, OUT1 and OUT2 appear as DSR, CTS, RI and DCD
        return isLoopback()
                ? (modemControl & 1) << 5 | (modemControl & 2) << 3 | (modemControl & 4) << 4 | (modemControl & 8) << 4
                : CARRIER_READY_CLEAR;
    }

    private void writeData(int written) {
        if (isDivisor()) {
            divisor = divisor & ~BYTE | written;
            return;
        }
        emptyPending = true; // it is sent at once
        if (isLoopback()) {
            append((byte) written);
            arrive();
        }
    }

    private void writeEnable(int written) {
        if (isDivisor()) {
            divisor = divisor & BYTE | written << Byte.SIZE;
            return;
        }
        emptyPending |= (written & ~enabled & EMPTY_ENABLED) != 0;
        enabled = written & ENABLE_BITS;
    }

    private void writeFifoControl(int written) {
        boolean enable = (written & FIFO_ENABLED) != 0;
        if ((written & CLEAR_RECEIVER) != 0 || enable != fifo) {
            size = 0;
            arrived = 0;
            notifyAll();
        }
        fifo = enable;
        trigger = enable ? TRIGGERS[written >> TRIGGER_SHIFT] : 1;
    }

    private int pending() {
        if ((enabled & RECEIVED_ENABLED) != 0 && arrived > 0) {
            return arrived >= trigger ? RECEIVED : TIMEOUT;
        }
        return (enabled & EMPTY_ENABLED) != 0 && emptyPending ? EMPTY : NONE;
    }

    private void update() {
        boolean now = pending() != NONE && (modemControl & OUT2) != 0 && !isLoopback();
        if (now != high) {
            high = now;
            line.set(now);
        }
    }
}
