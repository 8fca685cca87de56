package dev.interject.device;

/**
 * One Intel 8259A programmable interrupt controller: the registers, priorities and modes of a single chip.
 *
 * <p>
 * It follows the 8259A data sheet and, where that is silent, the kernel's {@code arch/x86/kvm/i8259.c}: every operation
 * leaves the same {@link PicState}. {@link Pic8259Pair} cascades two. <b>Not thread-safe</b>: its owner synchronizes.
 *
 * <h2>Departures from KVM, where KVM departs from the data sheet</h2>
 * <ol>
 * <li><b>Special mask mode works.</b> A level that is in service and masked blocks no other. KVM stores the bit and
 * ignores it (QEMU implements it). So entering or leaving the mode can raise INT, also the slave's at the master's IR2.
 * <li><b>Non-specific EOI in special mask mode</b>, with or without rotation, skips levels in service that are masked.
 * KVM ends the highest level in service, masked or not.
 * <li><b>A poll is an acknowledge.</b> It sets the IS bit (in AEOI mode it ends the level and rotates if enabled) and
 * keeps the request of a level-triggered line. KVM clears both the IS and the IRR bit, and never rotates.
 * <li><b>Polling the slave keeps the master's IS2 set</b>; the guest ends it by an EOI. KVM clears it. Both clear the
 * master's request at IR2: the slave no longer asserts it.
 * <li><b>SNGL in ICW1 omits ICW3.</b> KVM does not implement single mode and takes the next byte as ICW3.
 * {@link PicState} has no field for the bit: a snapshot taken between ICW1 and ICW2 loses it.
 * <li><b>INT always follows the registers.</b> KVM recomputes it only at some operations: ICW1 and ICW4 leave it stale
 * until the next of these. No field of {@link PicState} shows it.
 * <li><b>In special fully nested mode only the slave passes IR2 in service.</b> In KVM so do IR3 to IR7 of the master.
 * </ol>
 *
 * <h2>Conventions of KVM and other VMMs that differ from the data sheet and are kept</h2>
 * <ul>
 * <li>An edge request stays latched when its line falls before the acknowledge; so a pulse is enough.
 * <li>The ELCR selects edge or level triggering for each line. LTIM in ICW1 is ignored.
 * <li>ICW3 and the bits µPM, BUF and M/S of ICW4 are ignored: the wiring of a PC is fixed, and its CPU is not an 8080.
 * <li>ICW1 clears the recorded line levels, so a line that stayed high requests again when it is <em>set</em> high. It
 * clears the edge requests and the IS bits of those levels (as KVM does if a vCPU takes interrupts from its PIC; QEMU
 * clears all IS bits). Other IS bits, level requests, the ELCR, rotation in AEOI mode and a poll command stay.
 * <li>Requests can change between a poll command and the read that answers it.
 * </ul>
 */
final class Pic8259 {

    /** No level requests service. */
    static final int NONE = -1;
    /** The master's level that the slave's INT is wired to. */
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

    /** Returns a chip with a slave at IR2. */
    static Pic8259 master() {
        return new Pic8259(1 << CASCADE, PicState.LEVEL_LINES_OF_MASTER);
    }

    /** Returns a chip without slaves. */
    static Pic8259 slave() {
        return new Pic8259(0, PicState.LEVEL_LINES_OF_SLAVE);
    }

    /** Drives the IR input of a level; returns the status that {@link Pic8259Pair#setLine} documents. */
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

    /** Clears the request of a level. */
    void withdraw(int level) {
        irr &= ~(1 << level);
    }

    /** Returns the level for which INT is high, or {@link #NONE}. */
    int request() {
        int priority = highestPriority(irr & ~imr);
        boolean mayNest = specialFullyNested && (slaves & 1 << level(priority)) != 0;
        int blocking = mayNest ? blockingInService() & ~slaves : blockingInService();
        return priority < highestPriority(blocking) ? level(priority) : NONE;
    }

    /** Puts a requesting level into service, as the first INTA pulse does. */
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
     * @return whether INT may have risen
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

    /** Reads the IRR or ISR at the command port (A0 = 0), or the IMR at the data port. Does not poll. */
    int read(int a0) {
        if (a0 == 1) {
            return imr;
        }
        return readRegSelect ? isr : irr;
    }

    /** Returns whether the next read, at either port, is a poll. */
    boolean pollPending() {
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
        InitializationState expected = initState;
        initState = expected.next(single, init4);
        switch (expected) {
            case READY -> imr = value;
            case ICW2 -> irqBase = value & CommandBits.ICW2_VECTOR;
            case ICW3 -> {
                // Says where the slaves are wired; that is the same in every PC.
            }
            case ICW4 -> icw4(value);
        }
        return expected == InitializationState.READY;
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
        int priority = highestPriority(blockingInService());
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

    /** Returns the levels in service that block others: all, or in special mask mode those that are not masked. */
    private int blockingInService() {
        return specialMask ? isr & ~imr : isr;
    }

    /** Returns the highest priority among these levels, 0 (highest) to 7, or {@link #NO_PRIORITY} if there are none. */
    private int highestPriority(int levels) {
        int rotated = ((levels << 8 | levels) >> priorityAdd) & 0xff;
        return Integer.numberOfTrailingZeros(rotated | 1 << NO_PRIORITY);
    }

    private int level(int priority) {
        return (priority + priorityAdd) & 7;
    }
}
