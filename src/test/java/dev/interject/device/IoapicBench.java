package dev.interject.device;

import java.util.ArrayList;
import java.util.List;

/** An IOAPIC alone: the test plays its guest, its devices and its LAPIC. */
final class IoapicBench implements IoapicOutput {

    static final int MASKED = 1 << 16;
    static final int LEVEL = 1 << 15;
    static final int REMOTE_IRR = 1 << 14;
    static final int DELIVERY_PENDING = 1 << 12;

    final Ioapic ioapic = new Ioapic(this);

    /** What was delivered since the last call, such as {@code 10: 4a} for pin 10 with vector 0x4a. */
    private final List<String> delivered = new ArrayList<>();

    /** The entries that changed and the deliveries, in order. */
    final List<String> heard = new ArrayList<>();

    /** The status that the LAPIC returns. */
    int answer = 1;

    @Override
    public int deliver(int pin, Redirection entry) {
        delivered.add("%d: %02x".formatted(pin, entry.vector()));
        heard.add("delivered %d: %x".formatted(pin, entry.bits()));
        return answer;
    }

    @Override
    public void entryChanged(int pin, Redirection entry) {
        heard.add("changed %d: %x".formatted(pin, entry.bits()));
    }

    /** Writes a register as a guest does: its index, then 32 bits. */
    void write(int register, int value) {
        ioapic.write(Ioapic.INDEX, 4, register);
        ioapic.write(Ioapic.DATA, 4, value);
    }

    int read(int register) {
        ioapic.write(Ioapic.INDEX, 4, register);
        return (int) ioapic.read(Ioapic.DATA, 4);
    }

    /** Writes the lower half of a pin's entry. */
    void program(int pin, int value) {
        write(Ioapic.REDIRECTION + 2 * pin, value);
    }

    Redirection entry(int pin) {
        return ioapic.state().entries().get(pin);
    }

    int raise(int pin) {
        return ioapic.setPin(pin, true);
    }

    int lower(int pin) {
        return ioapic.setPin(pin, false);
    }

    /** Returns what was delivered since the last call. */
    List<String> delivered() {
        List<String> since = List.copyOf(delivered);
        delivered.clear();
        return since;
    }
}
