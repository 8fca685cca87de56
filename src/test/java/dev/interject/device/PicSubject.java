package dev.interject.device;

import static dev.interject.device.PicBench.MASTER;
import static dev.interject.device.PicBench.MASTER_BASE;
import static dev.interject.device.PicBench.MASTER_DATA;
import static dev.interject.device.PicBench.SLAVE;
import static dev.interject.device.PicBench.SLAVE_BASE;
import static dev.interject.device.PicBench.SLAVE_DATA;

/** A pair of 8259As that a test compares with another: Interject's or KVM's. */
interface PicSubject {

    /** The result of {@link #takeInterrupt()} if none is pending; neither a vector nor a port's value. */
    int NO_INTERRUPT = -1;

    /** Writes a byte to a port. */
    void write(int port, int value);

    /** Reads a byte from a port. */
    int read(int port);

    /**
     * Takes a line high.
     *
     * @return what {@code KVM_IRQ_LINE_STATUS} says of it
     */
    int raise(int line);

    /** Lowers a line. */
    void lower(int line);

    /** Sets IF for a moment; returns the vector that the CPU takes, or {@link #NO_INTERRUPT}. */
    int takeInterrupt();

    /** Returns the state of both chips. */
    PicPairRegisters registers();

    /** Lowers all lines and puts the chips into these states. */
    void restore(PicState master, PicState slave);

    /** Initializes both chips as a PC does, with these modes in each one's ICW4, and nothing masked. */
    default void initialize(int masterIcw4, int slaveIcw4) {
        write(MASTER, 0x11);
        write(MASTER_DATA, MASTER_BASE);
        write(MASTER_DATA, 0x04);
        write(MASTER_DATA, masterIcw4);
        write(SLAVE, 0x11);
        write(SLAVE_DATA, SLAVE_BASE);
        write(SLAVE_DATA, 0x02);
        write(SLAVE_DATA, slaveIcw4);
    }

    default void pulse(int line) {
        raise(line);
        lower(line);
    }

    /** Polls a chip through its command port. */
    default int poll(int port) {
        write(port, PicBench.POLL);
        return read(port);
    }
}
