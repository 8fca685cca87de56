package dev.interject.device;

/**
 * The two 8259A interrupt controllers of a PC: a master with lines 0 to 7 and, at its IR2, a slave with lines 8 to 15.
 *
 * <p>
 * A guest cannot tell it from the pair that {@code KVM_CREATE_IRQCHIP} puts into the kernel, but for the departures
 * that the head of {@link Pic8259} lists. A new pair is as KVM's: nothing masked, base vectors 0, every line low and
 * edge triggered.
 *
 * <p>
 * It is <b>not thread-safe</b>: vCPU threads (ports, acknowledge) and whoever drives lines must share a lock, which the
 * owner of the pair holds. After every call the owner looks at {@link #output()}, which is the pin that asks the CPU.
 */
public final class Pic8259Pair implements PortDevice {

    /** How many lines there are, the cascade's own (line 2) among them. */
    public static final int LINES = 16;

    /** The master's command port (A0 = 0); its data port is the next. */
    public static final int MASTER_PORT = 0x20;

    /** The slave's command port (A0 = 0); its data port is the next. */
    public static final int SLAVE_PORT = 0xa0;

    /** The port of the master's edge/level control register (ELCR); the slave's is the next. */
    public static final int ELCR_PORT = 0x4d0;

    private static final int LINES_A_CHIP = 8;
    private static final int SPURIOUS = 7;
    private static final int POLL_REQUEST = 0x80;
    private static final int POLL_NO_REQUEST = 0x07;
    private static final int NOT_OUR_PORT = 0xff;

    private final Pic8259 master = Pic8259.master();
    private final Pic8259 slave = Pic8259.slave();

    /** Nothing is programmed, and every line is low. */
    public Pic8259Pair() {}

    /** Registers the pair at its six ports. */
    public void attachTo(PortBus bus) {
        attach(bus, this);
    }

    /** Registers a device that stands for a pair, such as one that guards it, at the pair's six ports. */
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
     * @return -1 if the line is masked (its edge is latched even so); 0 if its request coalesced with one that waits
     *         still; else 1, also where a line falls or an edge-triggered one was high already
     * @throws IllegalArgumentException if there is no such line
     */
    public int setLine(int line, boolean high) {
        if (line < 0 || line >= LINES) {
            throw new IllegalArgumentException("line " + line + ": the 8259 pair has lines 0 to 15");
        }
        Pic8259 chip = line < LINES_A_CHIP ? master : slave;
        int status = chip.setLine(line % LINES_A_CHIP, high);
        cascade();
        return status;
    }

    /** Returns the INT pin to the CPU: whether {@link #acknowledge()} would find an interrupt. */
    public boolean output() {
        return master.request() != Pic8259.NONE;
    }

    /**
     * Runs the INTA cycle: puts the most urgent request into service and names its vector.
     *
     * @return the vector; that of level 7 of the chip that had nothing to offer (spurious IRQ 7 or 15), which then puts
     *         nothing into service
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

    /** Reads a byte from a register; a wider access reads 0, and touches nothing. */
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
            default -> NOT_OUR_PORT;
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
                // Not a port of ours: the owner registered more than attachTo() does.
            }
        }
    }

    /** Returns all that the master remembers, as {@code KVM_GET_IRQCHIP} does. */
    public PicState masterState() {
        return master.state();
    }

    /** Returns all that the slave remembers, as {@code KVM_GET_IRQCHIP} does. */
    public PicState slaveState() {
        return slave.state();
    }

    /** Puts both chips into given states, as {@code KVM_SET_IRQCHIP} of the slave and then of the master does. */
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
        return chip.polled() ? poll(chip) : chip.read(a0);
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
            // The slave no longer asks for this one; the master must not offer it to the CPU.
            master.withdraw(Pic8259.CASCADE);
            cascade();
        } else if (level != Pic8259.CASCADE) {
            cascade();
        }
        // Else the slave's request is known to the master's client, who polls the slave next: it is not repeated.
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
