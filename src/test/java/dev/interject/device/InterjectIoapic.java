package dev.interject.device;

import dev.interject.kvm.state.MsiMessage;

/**
 * Interject's IOAPIC with KVM's LAPIC, to which it sends MSIs, as with a split irqchip. Tests may override methods to
 * get one that differs.
 */
class InterjectIoapic implements IoapicSubject, AutoCloseable {

    private final ApicPuppet lapic = new ApicPuppet();
    private final Ioapic ioapic = new Ioapic(new IoapicOutput() {
        @Override
        public int deliver(int pin, Redirection entry) {
            MsiMessage message = new MsiMessage(entry.messageAddress(), entry.messageData());
            return lapic.virtualMachine().msi(message).signal();
        }

        @Override
        public void entryChanged(int pin, Redirection entry) {
            // each delivery creates its message
        }
    });

    @Override
    public void write(long offset, int width, long value) {
        ioapic.write(offset, width, value);
    }

    @Override
    public long read(long offset, int width) {
        return ioapic.read(offset, width) & -1L >>> Long.SIZE - width * Byte.SIZE;
    }

    @Override
    public int raise(int pin) {
        return ioapic.setPin(pin, true);
    }

    @Override
    public void lower(int pin) {
        ioapic.setPin(pin, false);
    }

    @Override
    public int takeInterrupt() {
        int vector = lapic.open();
        if (vector != ApicPuppet.NOTHING && lapic.cameAsLevel(vector)) {
            ioapic.endOfInterrupt(vector);
        }
        return vector;
    }

    @Override
    public void enableLapic(boolean enabled) {
        lapic.enableLapic(enabled);
    }

    @Override
    public IoapicSight sight() {
        return new IoapicSight(ioapic.state(), lapic.requested());
    }

    @Override
    public void restore(IoapicState state) {
        lapic.drain();
        write(Ioapic.INDEX, 4, Ioapic.ID);
        write(Ioapic.DATA, 4, 0);
        ioapic.restore(state);
    }

    @Override
    public void close() {
        lapic.close();
    }
}
