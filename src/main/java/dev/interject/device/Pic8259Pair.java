package dev.interject.device;

/**
 * The two 8259A interrupt controllers of a PC: a master with lines 0 to 7 and, at its IR2, a slave with lines 8 to 15.
 *
 * <p>
 * It behaves like the pair that {@code KVM_CREATE_IRQCHIP} creates in the kernel, except for the departures that
 * {@link Pic8259} lists. The initial state is the same too: nothing masked, base vectors 0, every line low and edge
 * triggered.
 *
 * <p>
 * It is <b>not thread-safe</b>: vCPU threads (port accesses, acknowledge) and the threads that drive lines must share
 * a lock. After every call the owner checks {@link #output()}, the INT pin.
 */
public final class Pic8259Pair implements PortDevice {

    /** The number of lines, including the cascade (line 2). */
    public static final int LINES = 16;

    /** The master's command port (A0 = 0); the next port is its data port. */
    public static final int MASTER_PORT = 0x20;

    /** The slave's command port (A0 = 0); the next port is its data port. */
    public static final int SLAVE_PORT = 0xa0;

    /** The port of the master's edge/level control register (ELCR); the next port is the slave's. */
    public static final int ELCR_PORT = 0x4d0;

    private static final int LINES_PER_CHIP = 8;
    private static final int SPURIOUS = 7;
    private static final int POLL_REQUEST = 0x80;
    private static final int POLL_NO_REQUEST = 0x07;
    private static final int UNKNOWN_PORT = 0xff;

    private final Pic8259 master = Pic8259.master();
    private final Pic8259 slave = Pic8259.slave();

    /** Creates a pair that is not initialized; every line is low. */
    public Pic8259Pair() {}

    /** Registers the pair at its six ports. */
    public void attachTo(PortBus bus) {
        attach(bus, this);
    }

    /** Registers a device that wraps a pair, such as one that locks it, at the pair's six ports. */
    public static void attach(PortBus bus, PortDevice pair) {
        bus.register(MASTER_PORT, MASTER_PORT + 1, pair);
        bus.register(SLAVE_PORT, SLAVE_PORT + 1, pair);
        bus.register(ELCR_PORT, ELCR_PORT + 1, pair);
    }

    /**
     * Drives a line, as {@code KVM_IRQ_LINE_STATUS} does for lines routed to the PIC alone.
     *
     * @param line the line, 0 to 15
     * @param high whether it is high from now on
     * @return -1 if the line is masked (its edge is latched nevertheless); 0 if its request coalesced with a pending
     *         one; otherwise 1, also if the line falls or if an edge-triggered line was already high
     * @throws IllegalArgumentException if there is no such line
     */
    public int setLine(int line, boolean high) {
        if (line < 0 || line >= LINES) {
            throw new IllegalArgumentException("line " + line + ": the 8259 pair has lines 0 to 15");
        }
        Pic8259 chip = line < LINES_PER_CHIP ? master : slave;
        int status = chip.setLine(line % LINES_PER_CHIP, high);
        cascade();
        return status;
    }

    /** Returns the level of the INT pin: whether {@link #acknowledge()} would find an interrupt. */
    public boolean output() {
        return master.request() != Pic8259.NONE;
    }

    /**
     * Runs the INTA cycle: puts the request of the highest priority into service and returns its vector.
     *
     * @return the vector; if a chip has no request, its vector of level 7 (spurious IRQ 7 or 15), and it puts nothing
     *         into service
     */
    public int acknowledge() {
        int level = master.request();
        int vector;
        if (level == Pic8259.NONE) {
            vector = master.vector(SPURIOUS);
        } else {
            master.acknowledge(level);
            vector = level == Pic8259.CASCADE ? acknowledgeSlave() : master.vector(level);
        }
        cascade();
        return vector;
    }

    /** Reads a byte from a register; a wider access reads 0 and changes nothing. */
    @Override
    public int read(int port, int width) {
        if (width != 1) {
            return 0;
        }
        return switch (port) {
            case MASTER_PORT, MASTER_PORT + 1 -> read(master, port & 1);
            case SLAVE_PORT, SLAVE_PORT + 1 -> read(slave, port & 1);
            case ELCR_PORT -> master.elcr();
            case ELCR_PORT + 1 -> slave.elcr();
            default -> UNKNOWN_PORT;
        };
    }

    /** Writes a byte to a register; a wider access is ignored. */
    @Override
    public void write(int port, int width, int value) {
        if (width != 1) {
            return;
        }
        switch (port) {
            case MASTER_PORT, MASTER_PORT + 1 -> write(master, port & 1, value & 0xff);
            case SLAVE_PORT, SLAVE_PORT + 1 -> write(slave, port & 1, value & 0xff);
            case ELCR_PORT -> master.elcr(value);
            case ELCR_PORT + 1 -> slave.elcr(value);
            default -> {
                // The owner registered a port that attachTo() does not.
            }
        }
    }

    /** Returns the state of the master, as {@code KVM_GET_IRQCHIP} does. */
    public PicState masterState() {
        return master.state();
    }

    /** Returns the state of the slave, as {@code KVM_GET_IRQCHIP} does. */
    public PicState slaveState() {
        return slave.state();
    }

    /** Restores the state of both chips, as {@code KVM_SET_IRQCHIP} of the slave and then of the master does. */
    public void restore(PicState masterState, PicState slaveState) {
        master.restore(masterState);
        slave.restore(slaveState);
        cascade();
    }

    private int acknowledgeSlave() {
        int level = slave.request();
        if (level == Pic8259.NONE) {
            return slave.vector(SPURIOUS);
        }
        slave.acknowledge(level);
        return slave.vector(level);
    }

    private int read(Pic8259 chip, int a0) {
        return chip.pollPending() ? poll(chip) : chip.read(a0);
    }

    private void write(Pic8259 chip, int a0, int value) {
        if (chip.write(a0, value)) {
            cascade();
        }
    }

    private int poll(Pic8259 chip) {
        int level = chip.poll();
        if (level == Pic8259.NONE) {
            cascade();
            return POLL_NO_REQUEST;
        }
        if (chip == slave) {
            // The slave no longer requests this interrupt, so the master must not request it from the CPU.
            master.withdraw(Pic8259.CASCADE);
            cascade();
        } else if (level != Pic8259.CASCADE) {
            cascade();
        }
        // Otherwise the guest has polled the master and polls the slave next: the slave's request is not repeated.
        return POLL_REQUEST | level;
    }

    /** Pulses the master's IR2 if the slave's INT is high. */
    private void cascade() {
        if (slave.request() != Pic8259.NONE) {
            master.setLine(Pic8259.CASCADE, true);
            master.setLine(Pic8259.CASCADE, false);
        }
    }
}
