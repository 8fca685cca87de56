package dev.interject.device;

import java.util.Arrays;
import java.util.List;

/**
 * The Intel 82093AA I/O APIC: 24 pins, and a redirection table with an entry for each.
 *
 * <p>
 * It follows the data sheet as the kernel's {@code arch/x86/kvm/ioapic.c} interprets it, with the same
 * {@link IoapicState} and results. <b>Not thread-safe</b>: its owner synchronizes.
 *
 * <h2>Departures from KVM</h2>
 * <ol>
 * <li><b>An EOI affects level-triggered entries only.</b> When a LAPIC ends a level interrupt, KVM also resends the
 * edge of every edge-triggered pin that has the same vector and is still high.
 * <li><b>Pin 8, the real-time clock, is like other pins.</b> KVM coalesces its edges until the EOI of the last.
 * Interject cannot: KVM does not report the EOI of an edge to an IOAPIC in user space.
 * <li><b>An EOI redelivers a level that is still high at once.</b> KVM delays every 10,000th of an unbroken series.
 * </ol>
 *
 * <h2>Conventions of KVM that differ from the data sheet and are kept</h2>
 * <ul>
 * <li>Polarity is stored and has no effect: a pin that is high is asserted.
 * <li>The edge of a masked pin is lost. A pin that is still high requests an interrupt when its entry becomes level
 * triggered.
 * <li>When an entry becomes edge triggered, its remote IRR is cleared. Guests without an EOI register depend on it.
 * <li>Remote IRR is set unless the LAPICs blocked the interrupt, even where no LAPIC is addressed.
 * <li>A store of 8 or 16 bits to the data register sets the whole register; the upper bits become 0.
 * <li>The arbitration ID always equals the ID. The index and the data register repeat every 256 bytes.
 * </ul>
 */
public final class Ioapic implements MmioDevice {

    /** The number of pins. */
    public static final int PINS = 24;

    /** The size of its registers in bytes. */
    public static final int BYTES = 0x100;

    /** The offset of the index register, which selects what the data register accesses. */
    static final int INDEX = 0x00;
    /** The offset of the data register. */
    static final int DATA = 0x10;

    static final int ID = 0x00;
    static final int VERSION = 0x01;
    static final int ARBITRATION_ID = 0x02;
    /** The first register of the redirection table: an entry has two, the even one is its lower half. */
    static final int REDIRECTION = 0x10;

    private static final int OFFSET_BITS = BYTES - 1;
    private static final int INDEX_BITS = 0xff;
    private static final int ID_BITS = 0x0f000000;
    private static final int VERSION_BITS = PINS - 1 << 16 | 0x11;
    private static final int NO_REGISTER = -1;

    private static final int IGNORED = -1;
    private static final int COALESCED = 0;
    private static final int LOWERED = 1;

    private final IoapicOutput output;
    private final Redirection[] entries = new Redirection[PINS];
    /** Each entry with its remote IRR inverted, so that delivering or ending a level allocates nothing. */
    private final Redirection[] inverted = new Redirection[PINS];

    private int index;
    private int id;
    private int high;
    private int sentEdges;

    /** Creates an IOAPIC in its reset state: every pin is masked. */
    public Ioapic(IoapicOutput output) {
        this.output = output;
        Arrays.fill(entries, Redirection.RESET);
        Arrays.fill(inverted, Redirection.RESET.withRemoteIrr(true));
    }

    /**
     * Drives a pin, as {@code KVM_IRQ_LINE_STATUS} does for lines routed to the IOAPIC alone.
     *
     * @param pin    the pin, 0 to 23
     * @param rising whether it is high from now on
     * @return negative if the interrupt was ignored: the pin is masked, or a level still lacks its EOI; 0 if it
     *         coalesced: an edge at a pin that was already high, or a LAPIC blocked it; 1 if the pin falls; otherwise
     *         the result of {@link IoapicOutput#deliver}
     * @throws IllegalArgumentException if there is no such pin
     */
    public int setPin(int pin, boolean rising) {
        if (pin < 0 || pin >= PINS) {
            throw new IllegalArgumentException("pin " + pin + ": the IOAPIC has pins 0 to 23");
        }
        int bit = 1 << pin;
        if (!rising) {
            high &= ~bit;
            return LOWERED;
        }
        boolean wasHigh = (high & bit) != 0;
        high |= bit;
        if (!entries[pin].isLevel()) {
            sentEdges &= ~bit;
            if (wasHigh) {
                return COALESCED;
            }
        }
        return send(pin);
    }

    /** Handles a LAPIC's EOI for a vector: delivers the levels with that vector that are still high again. */
    public void endOfInterrupt(int vector) {
        for (int pin = 0; pin < PINS; pin++) {
            if (entries[pin].vector() == vector && entries[pin].isLevel()) {
                setRemoteIrr(pin, false);
                sendLevel(pin);
            }
        }
    }

    /** Reads a 32-bit register; a narrower load reads its low bytes, a wider one zeros above it. */
    @Override
    public long read(long offset, int width) {
        int value = switch ((int) offset & OFFSET_BITS) {
            case INDEX -> index;
            case DATA -> register();
            default -> 0;
        };
        return Integer.toUnsignedLong(value);
    }

    /** Writes a register; a store of 3, 5, 6 or 7 bytes is ignored. */
    @Override
    public void write(long offset, int width, long value) {
        int data = switch (width) {
            case 1 -> (int) value & 0xff;
            case 2 -> (int) value & 0xffff;
            default -> (int) value;
        };
        if (Integer.bitCount(width) != 1) {
            return;
        }
        switch ((int) offset & OFFSET_BITS) {
            case INDEX -> index = data & INDEX_BITS;
            case DATA -> writeRegister(data);
            default -> {
                // no register
            }
        }
    }

    /** Returns the state, as {@code KVM_GET_IRQCHIP} does. */
    public IoapicState state() {
        return new IoapicState(high & ~sentEdges, List.of(entries));
    }

    /** Restores a state, as {@code KVM_SET_IRQCHIP} does: raises the pins whose IRR bit is set. */
    public void restore(IoapicState state) {
        high = 0;
        sentEdges = 0;
        for (int pin = 0; pin < PINS; pin++) {
            change(pin, state.entries().get(pin));
        }
        for (int pin = 0; pin < PINS; pin++) {
            if ((state.irr() & 1 << pin) != 0) {
                setPin(pin, true);
            }
        }
    }

    private int register() {
        return switch (index) {
            case ID, ARBITRATION_ID -> id;
            case VERSION -> VERSION_BITS;
            default -> {
                int pin = pinOfRegister();
                yield pin < 0 ? NO_REGISTER : entries[pin].half(index & 1);
            }
        };
    }

    private void writeRegister(int value) {
        switch (index) {
            case ID -> id = value & ID_BITS;
            case VERSION, ARBITRATION_ID -> {
                // read-only
            }
            default -> {
                int pin = pinOfRegister();
                if (pin >= 0) {
                    change(pin, entries[pin].withHalf(index & 1, value));
                    sendLevel(pin);
                }
            }
        }
    }

    /** Returns the pin whose entry the index register selects; below 0 or -1 if none. */
    private int pinOfRegister() {
        int pin = index - REDIRECTION >> 1;
        return pin < PINS ? pin : -1;
    }

    private void change(int pin, Redirection entry) {
        if (entry.bits() != entries[pin].bits()) {
            entries[pin] = entry;
            inverted[pin] = entry.withRemoteIrr(!entry.remoteIrr());
            output.entryChanged(pin, entry);
        }
    }

    /** Allocates nothing: it runs twice for every level interrupt. */
    private void setRemoteIrr(int pin, boolean set) {
        Redirection entry = entries[pin];
        if (entry.remoteIrr() != set) {
            entries[pin] = inverted[pin];
            inverted[pin] = entry;
        }
    }

    /** Sends the interrupt of a level-triggered pin that is high. */
    private void sendLevel(int pin) {
        if (entries[pin].isLevel() && (high & 1 << pin) != 0) {
            send(pin);
        }
    }

    private int send(int pin) {
        Redirection entry = entries[pin];
        if (entry.isMasked() || entry.isLevel() && entry.remoteIrr()) {
            return IGNORED;
        }
        if (!entry.isLevel()) {
            sentEdges |= 1 << pin;
        }
        int status = output.deliver(pin, entry);
        if (entry.isLevel() && status != 0) {
            setRemoteIrr(pin, true);
        }
        return status;
    }
}
