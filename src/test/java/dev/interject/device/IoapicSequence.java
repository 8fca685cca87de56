package dev.interject.device;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A state to start from, and what is done then: all of it made from a seed.
 *
 * <p>It leaves out that in which ours departs from the kernel's (the head of {@link Ioapic}): no two pins, and no edge
 * and level of one pin, share a vector; pin 8 is programmed, but never raised.
 * {@link IoapicDeparturesFromKvmTest} looks at those. It also leaves out the delivery modes that would knock the puppet
 * over (SMI, NMI, INIT, the reserved ones), and lowest priority to all LAPICs at once, which KVM takes otherwise from a
 * message than from its IOAPIC.
 */
record IoapicSequence(long seed, IoapicState start, List<IoapicOperation> operations) {

    private static final int OPERATIONS = 60;
    private static final int PINS_AT_A_TIME = 4;
    private static final int CLOCK_PIN = 8;
    private static final int[] WIDTHS = {1, 2, 4, 8};
    private static final int[] DELIVERY_MODES = {0, 0, 0, 0, 1, 1, 7};
    private static final int[] DELIVERY_MODES_FOR_ALL = {0, 0, 0, 0, 7};
    private static final int[] DESTINATIONS = {0, 0, 0, 0, 1, 1, 2};
    private static final int[] DESTINATIONS_AND_ALL = {0, 0, 1, 2, 0xff, 0xff};
    private static final int[] REGISTERS = {Ioapic.ID, Ioapic.VERSION, Ioapic.ARBITRATION_ID};

    static IoapicSequence of(long seed) {
        return new Composer(seed).compose();
    }

    private static final class Composer {

        private final long seed;
        private final SplittableRandom random;
        private final int[] pins = new int[PINS_AT_A_TIME];
        private final boolean toAll;
        private final List<IoapicOperation> operations = new ArrayList<>();

        Composer(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.toAll = random.nextBoolean();
        }

        IoapicSequence compose() {
            // A few pins, or nothing would ever come of what happened to one before.
            for (int i = 0; i < pins.length; i++) {
                pins[i] = random.nextInt(Ioapic.PINS);
            }
            IoapicState start = start();
            while (operations.size() < OPERATIONS) {
                addSomething();
            }
            return new IoapicSequence(seed, start, List.copyOf(operations));
        }

        private IoapicState start() {
            List<Redirection> entries = new ArrayList<>(Collections.nCopies(Ioapic.PINS, Redirection.RESET));
            int irr = 0;
            for (int pin : pins) {
                if (oneIn(2)) {
                    entries.set(pin, new Redirection((long) upperHalf() << Integer.SIZE
                            | Integer.toUnsignedLong(lowerHalf(pin, oneIn(2)))));
                    irr |= oneIn(3) && pin != CLOCK_PIN ? 1 << pin : 0;
                }
            }
            return new IoapicState(irr, entries);
        }

        private void addSomething() {
            int lot = random.nextInt(100);
            int pin = oneOf(pins);
            if (lot < 22) {
                operations.add(pin == CLOCK_PIN ? new IoapicOperation.Lower(pin) : new IoapicOperation.Raise(pin));
            } else if (lot < 38) {
                operations.add(new IoapicOperation.Lower(pin));
            } else if (lot < 56) {
                operations.add(new IoapicOperation.TakeInterrupt());
            } else if (lot < 76) {
                int width = dataWidth();
                program(pin, 0, width, lowerHalf(pin, width > 1 && oneIn(2)));
            } else if (lot < 84) {
                program(pin, 1, dataWidth(), upperHalf());
            } else if (lot < 92) {
                operations.add(new IoapicOperation.Write(Ioapic.INDEX, 4, register(pin)));
                operations.add(new IoapicOperation.Read(Ioapic.DATA, oneOf(WIDTHS)));
            } else if (lot < 94) {
                operations.add(new IoapicOperation.Write(Ioapic.INDEX, 4, oneOf(REGISTERS)));
                operations.add(new IoapicOperation.Write(Ioapic.DATA, 4, random.nextInt()));
            } else if (lot < 96) {
                operations.add(new IoapicOperation.Read(elsewhere(), oneOf(WIDTHS)));
            } else if (lot < 98) {
                operations.add(new IoapicOperation.Write(elsewhere(), oneOf(WIDTHS), random.nextLong()));
            } else {
                operations.add(new IoapicOperation.EnableLapic(oneIn(2)));
            }
        }

        private int dataWidth() {
            return oneIn(6) ? oneOf(WIDTHS) : 4;
        }

        /** Writes half of an entry; of more than 4 bytes the rest is anything. */
        private void program(int pin, int half, int width, int value) {
            operations.add(new IoapicOperation.Write(Ioapic.INDEX, oneOf(WIDTHS),
                    random.nextInt() << 8 | Ioapic.REDIRECTION + 2 * pin + half));
            operations.add(new IoapicOperation.Write(Ioapic.DATA, width,
                    random.nextLong() << Integer.SIZE | Integer.toUnsignedLong(value)));
        }

        /** A level has another vector than an edge at the same pin, so that no EOI of the one finds the other. */
        private int lowerHalf(int pin, boolean level) {
            int vector = (level ? 0x80 : 0x20) + random.nextInt(3) * 0x20 + pin;
            int flags = random.nextInt() & 0x7000 | (level ? 1 << 15 : 0) | (oneIn(3) ? 1 << 16 : 0)
                    | (oneIn(5) ? 1 << 11 : 0);
            int reserved = oneIn(4) ? random.nextInt() << 17 : 0;
            return vector | oneOf(toAll ? DELIVERY_MODES_FOR_ALL : DELIVERY_MODES) << 8 | flags | reserved;
        }

        private int upperHalf() {
            return oneOf(toAll ? DESTINATIONS_AND_ALL : DESTINATIONS) << 24 | (oneIn(4) ? random.nextInt() >>> 8 : 0);
        }

        private int register(int pin) {
            return oneIn(2) ? Ioapic.REDIRECTION + 2 * pin + random.nextInt(2) : random.nextInt(0x100);
        }

        /** An aligned offset at which neither of the two registers is. */
        private int elsewhere() {
            int offset = random.nextInt(32) * 8;
            return offset == Ioapic.INDEX || offset == Ioapic.DATA ? 0x40 : offset;
        }

        private boolean oneIn(int times) {
            return random.nextInt(times) == 0;
        }

        private int oneOf(int[] choices) {
            return choices[random.nextInt(choices.length)];
        }
    }
}
