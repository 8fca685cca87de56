package dev.interject.device;

/** Interject's pair as a {@link PicSubject}; tests may override methods to get a pair that differs. */
class InterjectPic implements PicSubject {

    private final Pic8259Pair pair = new Pic8259Pair();
    private final boolean[] high = new boolean[Pic8259Pair.LINES];

    @Override
    public void write(int port, int value) {
        pair.write(port, 1, value);
    }

    @Override
    public int read(int port) {
        return pair.read(port, 1);
    }

    @Override
    public int raise(int line) {
        int status = pair.setLine(line, true);
        // KVM adds the status of its IOAPIC, unless that is below 0. Fully masked, as after reset, it says -1 to an
        // edge, but 0 where it sees none.
        int withIoapic = high[line] ? Math.max(status, 0) : status;
        high[line] = true;
        return withIoapic;
    }

    @Override
    public void lower(int line) {
        pair.setLine(line, false);
        high[line] = false;
    }

    @Override
    public int takeInterrupt() {
        return pair.output() ? pair.acknowledge() : NO_INTERRUPT;
    }

    @Override
    public PicPairRegisters registers() {
        return new PicPairRegisters(pair.masterState(), pair.slaveState());
    }

    @Override
    public void restore(PicState master, PicState slave) {
        for (int line = 0; line < high.length; line++) {
            lower(line);
        }
        pair.restore(master, slave);
    }
}
