package dev.interject.device;

/** A pair of 8259As whose lines and ports a test drives. */
final class PicBench {

    static final int MASTER = Pic8259Pair.MASTER_PORT;
    static final int SLAVE = Pic8259Pair.SLAVE_PORT;
    static final int MASTER_DATA = MASTER + 1;
    static final int SLAVE_DATA = SLAVE + 1;
    static final int MASTER_ELCR = Pic8259Pair.ELCR_PORT;
    static final int SLAVE_ELCR = MASTER_ELCR + 1;

    static final int MASTER_BASE = 0x20;
    static final int SLAVE_BASE = 0x28;

    static final int NON_SPECIFIC_EOI = 0x20;
    static final int SPECIFIC_EOI = 0x60;
    static final int ROTATE_ON_NON_SPECIFIC_EOI = 0xa0;
    static final int SET_PRIORITY = 0xc0;
    static final int ROTATE_ON_SPECIFIC_EOI = 0xe0;
    static final int ROTATE_IN_AUTOMATIC_EOI_SET = 0x80;
    static final int ROTATE_IN_AUTOMATIC_EOI_CLEAR = 0x00;
    static final int NO_OPERATION = 0x40;

    static final int READ_IRR = 0x0a;
    static final int READ_ISR = 0x0b;
    static final int POLL = 0x0c;
    static final int SPECIAL_MASK_RESET = 0x48;
    static final int SPECIAL_MASK_SET = 0x68;

    static final int ICW4_8086 = 0x01;
    static final int ICW4_AEOI = 0x02;
    static final int ICW4_SFNM = 0x10;

    final Pic8259Pair pair = new Pic8259Pair();

    /** Returns a bench whose chips are initialized as every PC's: vectors 0x20 and 0x28, cascaded, nothing masked. */
    static PicBench initialized() {
        return initialized(ICW4_8086, ICW4_8086);
    }

    /** Returns such a bench with an ICW4 for each chip. */
    static PicBench initialized(int masterIcw4, int slaveIcw4) {
        PicBench bench = new PicBench();
        bench.write(MASTER, 0x11);
        bench.write(MASTER_DATA, MASTER_BASE);
        bench.write(MASTER_DATA, 0x04);
        bench.write(MASTER_DATA, masterIcw4);
        bench.write(SLAVE, 0x11);
        bench.write(SLAVE_DATA, SLAVE_BASE);
        bench.write(SLAVE_DATA, 0x02);
        bench.write(SLAVE_DATA, slaveIcw4);
        return bench;
    }

    void write(int port, int value) {
        pair.write(port, 1, value);
    }

    int read(int port) {
        return pair.read(port, 1);
    }

    int irr(int port) {
        write(port, READ_IRR);
        return read(port);
    }

    int isr(int port) {
        write(port, READ_ISR);
        return read(port);
    }

    int poll(int port) {
        write(port, POLL);
        return read(port);
    }

    void pulse(int... lines) {
        for (int line : lines) {
            pair.setLine(line, true);
            pair.setLine(line, false);
        }
    }

    /** Pulses a line and acknowledges the interrupt. */
    int serve(int line) {
        pulse(line);
        return pair.acknowledge();
    }
}
