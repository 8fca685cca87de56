package dev.interject.device;

/**
 * One Intel 8259A programmable interrupt controller: the registers, priorities and modes of a single chip.
 *
 * <p>
 * It follows the 8259A data sheet and, where that is silent, the kernel's {@code arch/x86/kvm/i8259.c}, bit for bit of
 * {@link PicState} after every operation. {@link Pic8259Pair} wires two. <b>Not thread-safe</b>: its owner guards.
 *
 * <h2>Departures from KVM, where KVM departs from the data sheet</h2>
 * <ol>
 * <li><b>Special mask mode works.</b> A masked level in service blocks nobody. KVM stores the bit and does not heed it
 * (QEMU does). So setting or leaving the mode can raise INT, the slave's at the master's IR2 too.
 * <li><b>Non-specific EOI in special mask mode</b>, rotating or not, passes over levels in service that are masked. KVM
 * ends the highest one, masked or not.
 * <li><b>A poll is an acknowledge.</b> It sets the IS bit (or ends it at once in AEOI mode, rotating if told to) and
 * leaves the request of a level-triggered line alone. KVM clears IS and IRR bit, and never rotates.
 * <li><b>Polling the slave leaves the master's IS2 alone</b>, to be ended by an EOI. KVM clears it. The master's
 * request at IR2 goes away in both: the slave no longer asserts it.
 * <li><b>SNGL in ICW1 leaves out ICW3.</b> KVM does not know single mode and takes the next byte for ICW3 all the same.
 * {@link PicState} has no room for the bit: a snapshot taken between ICW1 and ICW2 forgets it.
 * <li><b>INT follows the registers.</b> KVM computes it at some operations only, so ICW1 and ICW4 leave it stale until
 * the next of those. No field of {@link PicState} shows it.
 * </ol>
 *
 * <h2>Conventions of PC machine monitors, KVM's among them, kept though the data sheet reads otherwise</h2>
 * <ul>
 * <li>An edge request stays latched when its line falls before it is acknowledged; so a pulse is enough.
 * <li>The ELCR tells edge from level, line by line. LTIM in ICW1 is ignored.
 * <li>ICW3 and the bits µPM, BUF and M/S of ICW4 are ignored: a PC is wired in one way, and no 8080 is in it.
 * <li>ICW1 forgets how the lines stood, so a line held high requests again as soon as it is <em>set</em> high again.
 * It clears edge requests, with the IS bits of those very levels (so KVM, if a vCPU takes interrupts from its PIC; QEMU
 * clears all IS bits). Other IS bits, level requests, the ELCR, rotation in AEOI mode and a poll command stay.
 * <li>In special fully nested mode IR2 in service blocks nobody, so also IR3 to IR7 of the master get through.
 * <li>Requests are not frozen between a poll command and the read that answers it.
 * </ul>
 */
final class Pic8259 {

    /** No level asks for service. */
    static final int NONE = -1;
    /** The level of the master that the slave is wired to. */
    static final int CASCADE = 2;
    private static final int NO_PRIORITY = 8;

    private final int slaves;

    private int lastIrr;
    private int irr;
    private int imr;
    private int isr;
    private int priorityAdd;
    private int irqBase;
    private boolean readRegSelect;
    private boolean poll;
    private boolean specialMask;
    private InitializationState initState = InitializationState.READY;
    private boolean single;
    private boolean autoEoi;
    private boolean rotateOnAutoEoi;
    private boolean specialFullyNested;
    private boolean init4;
    private int elcr;
    private int elcrMask;

    private Pic8259(int slaves, int elcrMask) {
        this.slaves = slaves;
        this.elcrMask = elcrMask;
    }

    /** Returns a chip with a slave at IR2. Timer, keyboard and cascade (IR0 to IR2) are always edge triggered. */
    static Pic8259 master() {
        return new Pic8259(1 << CASCADE, 0xf8);
    }

    /** Returns a chip without slaves. The clock (IRQ 8) and the coprocessor (IRQ 13) are always edge triggered. */
    static Pic8259 slave() {
        return new Pic8259(0, 0xde);
    }

    /** Drives the input of a level; returns what {@link Pic8259Pair#setLine} does. */
    int setLine(int level, boolean high) {
        int line = 1 << level;
        boolean levelTriggered = (elcr & line) != 0;
        int status = 1;
        if (high) {
            if (levelTriggered || (lastIrr & line) == 0) {
                status = (irr & line) == 0 ? 1 : 0;
                irr |= line;
            }
            lastIrr |= line;
        } else {
            if (levelTriggered) {
                irr &= ~line;
            }
            lastIrr &= ~line;
        }
        return (imr & line) == 0 ? status : -1;
    }

    /** Takes back the request of a level, as if it had never been made. */
    void withdraw(int level) {
        irr &= ~(1 << level);
    }

    /** Returns the level for which INT is high, or {@link #NONE}. */
    int request() {
        int priority = highestPriority(irr & ~imr);
        int blocked = specialFullyNested ? heededInService() & ~slaves : heededInService();
        return priority < highestPriority(blocked) ? level(priority) : NONE;
    }

    /** Puts a requesting level into service: what the first INTA pulse does. */
    void acknowledge(int level) {
        int line = 1 << level;
        if ((elcr & line) == 0) {
            irr &= ~line;
        }
        isr |= line;
        if (autoEoi) {
            endOfInterrupt(level, rotateOnAutoEoi);
        }
    }

    /** Returns the vector of a level. */
    int vector(int level) {
        return irqBase + level;
    }

    /**
     * Writes a byte to one of the two ports.
     *
     * @param a0 the address pin: 0 the command port, 1 the data port
     * @return whether requests may have come up that were not there before
     */
    boolean write(int a0, int value) {
        if (a0 == 1) {
            return data(value);
        }
        if ((value & CommandBits.ICW1) != 0) {
            icw1(value);
            return false;
        }
        return (value & CommandBits.OCW3) != 0 ? ocw3(value) : ocw2(value);
    }

    /** Reads a register: the IRR or ISR at the command port (A0 = 0), the IMR at the data port. Polls nothing. */
    int read(int a0) {
        if (a0 == 1) {
            return imr;
        }
        return readRegSelect ? isr : irr;
    }

    /** Returns whether the next read, at either port, is to be a poll. */
    boolean polled() {
        return poll;
    }

    /** Answers a poll command: acknowledges and returns the requesting level, if there is one. */
    int poll() {
        poll = false;
        int level = request();
        if (level != NONE) {
            acknowledge(level);
        }
        return level;
    }

    int elcr() {
        return elcr;
    }

    void elcr(int value) {
        elcr = value & elcrMask;
    }

    PicState state() {
        return new PicState(lastIrr, irr, imr, isr, priorityAdd, irqBase, readRegSelect, poll, specialMask,
                initState.ordinal(), autoEoi, rotateOnAutoEoi, specialFullyNested, init4, elcr, elcrMask);
    }

    void restore(PicState state) {
        lastIrr = state.lastIrr();
        irr = state.irr();
        imr = state.imr();
        isr = state.isr();
        priorityAdd = state.priorityAdd();
        irqBase = state.irqBase();
        readRegSelect = state.readRegSelect();
        poll = state.poll();
        specialMask = state.specialMask();
        initState = InitializationState.numbered(state.initState());
        single = false;
        autoEoi = state.autoEoi();
        rotateOnAutoEoi = state.rotateOnAutoEoi();
        specialFullyNested = state.specialFullyNested();
        init4 = state.init4();
        elcr = state.elcr();
        elcrMask = state.elcrMask();
    }

    private void icw1(int value) {
        init4 = (value & CommandBits.ICW1_IC4) != 0;
        single = (value & CommandBits.ICW1_SNGL) != 0;
        int edgeRequests = irr & ~elcr;
        lastIrr = 0;
        irr &= ~edgeRequests;
        isr &= ~edgeRequests;
        imr = 0;
        priorityAdd = 0;
        specialMask = false;
        readRegSelect = false;
        if (!init4) {
            icw4(0);
        }
        initState = InitializationState.ICW2;
    }

    private boolean data(int value) {
        InitializationState word = initState;
        initState = word.next(single, init4);
        switch (word) {
            case READY -> imr = value;
            case ICW2 -> irqBase = value & CommandBits.ICW2_VECTOR;
            case ICW3 -> {
                // Says where slaves are wired to, which is the same in every PC.
            }
            case ICW4 -> icw4(value);
        }
        return word == InitializationState.READY;
    }

    private void icw4(int value) {
        specialFullyNested = (value & CommandBits.ICW4_SFNM) != 0;
        autoEoi = (value & CommandBits.ICW4_AEOI) != 0;
    }

    private boolean ocw2(int value) {
        Ocw2 command = Ocw2.of(value);
        return switch (command) {
            case ROTATE_IN_AUTOMATIC_EOI_CLEAR, ROTATE_IN_AUTOMATIC_EOI_SET -> {
                rotateOnAutoEoi = command == Ocw2.ROTATE_IN_AUTOMATIC_EOI_SET;
                yield false;
            }
            case NON_SPECIFIC_EOI -> nonSpecificEndOfInterrupt(false);
            case ROTATE_ON_NON_SPECIFIC_EOI -> nonSpecificEndOfInterrupt(true);
            case SPECIFIC_EOI -> endOfInterrupt(Ocw2.level(value), false);
            case ROTATE_ON_SPECIFIC_EOI -> endOfInterrupt(Ocw2.level(value), true);
            case SET_PRIORITY -> setLowestPriority(Ocw2.level(value));
            case NO_OPERATION -> false;
        };
    }

    private boolean ocw3(int value) {
        poll |= (value & CommandBits.OCW3_P) != 0;
        if ((value & CommandBits.OCW3_RR) != 0) {
            readRegSelect = (value & CommandBits.OCW3_RIS) != 0;
        }
        boolean before = specialMask;
        if ((value & CommandBits.OCW3_ESMM) != 0) {
            specialMask = (value & CommandBits.OCW3_SMM) != 0;
        }
        return specialMask != before;
    }

    private boolean nonSpecificEndOfInterrupt(boolean rotate) {
        int priority = highestPriority(heededInService());
        return priority != NO_PRIORITY && endOfInterrupt(level(priority), rotate);
    }

    private boolean endOfInterrupt(int level, boolean rotate) {
        isr &= ~(1 << level);
        if (rotate) {
            setLowestPriority(level);
        }
        return true;
    }

    private boolean setLowestPriority(int level) {
        priorityAdd = (level + 1) & 7;
        return true;
    }

    /** Returns the levels in service that block others: in special mask mode, those that are not masked. */
    private int heededInService() {
        return specialMask ? isr & ~imr : isr;
    }

    /** Returns the highest priority, 0 to 7, that some levels have, or {@link #NO_PRIORITY} if there are none. */
    private int highestPriority(int levels) {
        int rotated = ((levels << 8 | levels) >> priorityAdd) & 0xff;
        return Integer.numberOfTrailingZeros(rotated | 1 << NO_PRIORITY);
    }

    private int level(int priority) {
        return (priority + priorityAdd) & 7;
    }
}
