package dev.interject.device;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Two states to start from, and what is done then: all of it made from a seed.
 *
 * <p>It omits the operations in which KVM departs from the data sheet (see {@link Pic8259}): polls, setting special
 * mask mode, ICW1 with SNGL, and taking what KVM lets through in special fully nested mode.
 * {@link Pic8259DeparturesFromKvmTest} tests those.
 */
record PicSequence(long seed, PicState master, PicState slave, List<PicOperation> operations) {

    private static final int OPERATIONS = 60;
    private static final int[] COMMAND_PORTS = {Pic8259Pair.MASTER_PORT, Pic8259Pair.SLAVE_PORT};
    private static final int[] ALL_PORTS = {
        Pic8259Pair.MASTER_PORT, Pic8259Pair.MASTER_PORT + 1,
        Pic8259Pair.SLAVE_PORT, Pic8259Pair.SLAVE_PORT + 1,
        Pic8259Pair.ELCR_PORT, Pic8259Pair.ELCR_PORT + 1};
    private static final int NON_SPECIFIC_EOI = 0x20;
    private static final int MASTER_ELCR_MASK = 0xf8;
    private static final int SLAVE_ELCR_MASK = 0xde;

    static PicSequence of(long seed) {
        return new Composer(seed).compose();
    }

    private static final class Composer {

        private final long seed;
        private final SplittableRandom random;
        private final List<PicOperation> operations = new ArrayList<>();
        /** In the state that the operations lead to. */
        private final PicSubject model = new InterjectPic();

        Composer(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
        }

        PicSequence compose() {
            boolean anyState = random.nextBoolean();
            PicState master = anyState ? anyState(MASTER_ELCR_MASK) : reset(MASTER_ELCR_MASK);
            PicState slave = anyState ? anyState(SLAVE_ELCR_MASK) : reset(SLAVE_ELCR_MASK);
            model.restore(master, slave);
            if (random.nextBoolean()) {
                initialize(Pic8259Pair.MASTER_PORT);
                initialize(Pic8259Pair.SLAVE_PORT);
            }
            while (operations.size() < OPERATIONS) {
                addSomething();
            }
            return new PicSequence(seed, master, slave, List.copyOf(operations));
        }

        private static PicState reset(int elcrMask) {
            return new PicState(0, 0, 0, 0, 0, 0, false, false, false, 0, false, false, false, false, 0, elcrMask);
        }

        private PicState anyState(int elcrMask) {
            int initState = oneIn(4) ? random.nextInt(4) : 0;
            return new PicState(byteOf(), byteOf(), fewBits(), fewBits(), random.nextInt(8), byteOf() & 0xf8,
                    random.nextBoolean(), false, false, initState, oneIn(4), random.nextBoolean(), oneIn(4),
                    random.nextBoolean(), byteOf() & elcrMask, elcrMask);
        }

        private void addSomething() {
            int lot = random.nextInt(100);
            if (lot < 30) {
                int line = random.nextInt(Pic8259Pair.LINES);
                add(oneIn(3) ? new PicOperation.Lower(line) : new PicOperation.Raise(line));
            } else if (lot < 55) {
                takeInterrupt();
            } else if (lot < 75) {
                operationControlWord2();
            } else if (lot < 82) {
                write(oneOf(COMMAND_PORTS) + 1, fewBits());
            } else if (lot < 86) {
                write(Pic8259Pair.ELCR_PORT + random.nextInt(2), fewBits());
            } else if (lot < 90) {
                operationControlWord3();
            } else if (lot < 96) {
                add(new PicOperation.Read(oneOf(ALL_PORTS)));
            } else if (lot < 98) {
                initialize(oneOf(COMMAND_PORTS));
            } else {
                startToInitialize(oneOf(COMMAND_PORTS));
            }
        }

        /** Mostly a non-specific EOI; otherwise every level would soon be in service. */
        private void operationControlWord2() {
            int anything = byteOf() & ~(CommandBits.ICW1 | CommandBits.OCW3);
            write(oneOf(COMMAND_PORTS), random.nextBoolean() ? NON_SPECIFIC_EOI : anything);
        }

        /** Any except a poll and one that sets special mask mode. */
        private void operationControlWord3() {
            int leftOut = CommandBits.ICW1 | CommandBits.OCW3_P
                    | (random.nextBoolean() ? CommandBits.OCW3_ESMM : CommandBits.OCW3_SMM);
            write(oneOf(COMMAND_PORTS), (byteOf() | CommandBits.OCW3) & ~leftOut);
        }

        /** As in a PC, with any base and modes, and sometimes without ICW4. */
        private void initialize(int port) {
            boolean icw4 = !oneIn(8);
            write(port, CommandBits.ICW1 | (icw4 ? CommandBits.ICW1_IC4 : 0));
            write(port + 1, byteOf());
            write(port + 1, byteOf());
            if (icw4) {
                write(port + 1, 1 | (oneIn(4) ? CommandBits.ICW4_AEOI : 0) | (oneIn(4) ? CommandBits.ICW4_SFNM : 0));
            }
        }

        /** Any ICW1, with too few, enough or too many of the words that follow it. */
        private void startToInitialize(int port) {
            write(port, (byteOf() | CommandBits.ICW1) & ~CommandBits.ICW1_SNGL);
            for (int words = random.nextInt(5); words > 0; words--) {
                write(port + 1, byteOf());
            }
        }

        private void write(int port, int value) {
            add(new PicOperation.Write(port, value));
        }

        /** Not where KVM lets a level through that IR2 holds in special fully nested mode. */
        private void takeInterrupt() {
            add(new PicOperation.Lower(0));
            PicState master = model.registers().master();
            Pic8259Pair withoutIr2InService = new Pic8259Pair();
            withoutIr2InService.restore(master.withIsr(master.isr() & ~(1 << Pic8259.CASCADE)),
                    model.registers().slave());
            Pic8259Pair same = new Pic8259Pair();
            same.restore(master, model.registers().slave());
            if (!master.specialFullyNested() || same.output() == withoutIr2InService.output()) {
                add(new PicOperation.TakeInterrupt());
            }
        }

        private void add(PicOperation operation) {
            operations.add(operation);
            operation.on(model);
        }

        private int byteOf() {
            return random.nextInt(0x100);
        }

        private int fewBits() {
            return byteOf() & byteOf();
        }

        private boolean oneIn(int times) {
            return random.nextInt(times) == 0;
        }

        private int oneOf(int[] ports) {
            return ports[random.nextInt(ports.length)];
        }
    }
}
