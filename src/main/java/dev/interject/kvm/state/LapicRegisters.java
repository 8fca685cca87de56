package dev.interject.kvm.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A LAPIC's register page ({@code struct kvm_lapic_state}; Intel SDM vol. 3, "Local APIC Register Address Map").
 *
 * @param page 1024 bytes, a 32-bit register at every sixteenth
 */
public record LapicRegisters(byte[] page) {

    private static final int PAGE_BYTES = 1024;

    private static final int IN_SERVICE = 0x100;
    private static final int LEVEL_TRIGGERED = 0x180;
    private static final int REQUESTED = 0x200;
    private static final int SOFTWARE_ENABLED = 1 << 8;
    private static final int LVT_MASKED = 1 << 16;
    private static final int LVT_DELIVERY_MODE = 7 << 8;
    private static final int LVT_NMI = 4 << 8;
    private static final int LVT_EXTINT = 7 << 8;
    private static final int TIMER_MODE_SHIFT = 17;
    private static final int TIMER_MODE = 3;
    private static final int LAST_VECTOR = 255;
    private static final int BITS_A_REGISTER = 32;
    private static final int BYTES_BETWEEN = 16;
    private static final int ID_SHIFT = 24;

    /**
     * Checks the page's size.
     *
     * @throws IllegalArgumentException if it is not 1024 bytes
     */
    public LapicRegisters {
        if (page.length != PAGE_BYTES) {
            throw new IllegalArgumentException(
                    "a LAPIC's register page has %d bytes, not %d".formatted(PAGE_BYTES, page.length));
        }
    }

    /** A LAPIC whose registers are all 0. */
    public static LapicRegisters zeroed() {
        return new LapicRegisters(new byte[PAGE_BYTES]);
    }

    private int register(int offset) {
        return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
    }

    /** The value of a register. */
    public int value(LapicRegister register) {
        return register(register.offset());
    }

    private boolean vectorBit(int first, int vector) {
        Range.check("the vector", vector, LAST_VECTOR);
        return (register(first + vector / BITS_A_REGISTER * BYTES_BETWEEN) & 1 << vector % BITS_A_REGISTER) != 0;
    }

    /** The same LAPIC with another value of the 32-bit register at this offset (Intel SDM). */
    public LapicRegisters withRegister(int offset, int value) {
        byte[] changed = page.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
        return new LapicRegisters(changed);
    }

    /** The same LAPIC with another value of a register. */
    public LapicRegisters with(LapicRegister register, int value) {
        return withRegister(register.offset(), value);
    }

    private LapicRegisters withVectorBit(int first, int vector) {
        Range.check("the vector", vector, LAST_VECTOR);
        int offset = first + vector / BITS_A_REGISTER * BYTES_BETWEEN;
        return withRegister(offset, register(offset) | 1 << vector % BITS_A_REGISTER);
    }

    private SortedSet<Integer> vectors(int first) {
        return IntStream.rangeClosed(0, LAST_VECTOR)
                .filter(vector -> vectorBit(first, vector))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private LapicRegisters withVectors(int first, Set<Integer> vectors) {
        LapicRegisters changed = this;
        for (int vector = 0; vector <= LAST_VECTOR; vector += BITS_A_REGISTER) {
            changed = changed.withRegister(first + vector / BITS_A_REGISTER * BYTES_BETWEEN, 0);
        }
        for (int vector : vectors) {
            changed = changed.withVectorBit(first, vector);
        }
        return changed;
    }

    /** The same LAPIC with this APIC ID, 0–255, in its ID register. */
    public LapicRegisters withId(int id) {
        return with(LapicRegister.ID, id << ID_SHIFT);
    }

    /** The same LAPIC with this logical APIC ID, 0–255, in bits 31:24 of its LDR. */
    public LapicRegisters withLogicalId(int id) {
        return with(LapicRegister.LOGICAL_DESTINATION, id << ID_SHIFT);
    }

    /** The same LAPIC with another DFR. */
    public LapicRegisters withDestinationFormat(int format) {
        return with(LapicRegister.DESTINATION_FORMAT, format);
    }

    /** The same LAPIC with another spurious-interrupt vector register. */
    public LapicRegisters withSpurious(int value) {
        return with(LapicRegister.SPURIOUS, value);
    }

    /** The same LAPIC with exactly these vectors, 0–255, in the IRR. */
    public LapicRegisters withRequested(Set<Integer> vectors) {
        return withVectors(REQUESTED, vectors);
    }

    /** The same LAPIC with exactly these vectors, 0–255, in the ISR. */
    public LapicRegisters withInService(Set<Integer> vectors) {
        return withVectors(IN_SERVICE, vectors);
    }

    /** The same LAPIC with exactly these vectors, 0–255, in the TMR. */
    public LapicRegisters withLevelTriggered(Set<Integer> vectors) {
        return withVectors(LEVEL_TRIGGERED, vectors);
    }

    /** The same LAPIC with a timer that starts from this count, unsigned; 0 stops it. */
    public LapicRegisters withTimerCount(int count) {
        return with(LapicRegister.TIMER_INITIAL_COUNT, count).with(LapicRegister.TIMER_CURRENT_COUNT, count);
    }

    /** The same LAPIC with this local-vector-table entry of LINT1. */
    public LapicRegisters withLint1(int entry) {
        return with(LapicRegister.LVT_LINT1, entry);
    }

    /** The same LAPIC with this TPR, 0–255. */
    public LapicRegisters withTaskPriority(int priority) {
        return with(LapicRegister.TASK_PRIORITY, priority);
    }

    /** The same LAPIC with SVR bit 8 set or clear. */
    public LapicRegisters withSoftwareEnabled(boolean enabled) {
        int others = value(LapicRegister.SPURIOUS) & ~SOFTWARE_ENABLED;
        return with(LapicRegister.SPURIOUS, enabled ? others | SOFTWARE_ENABLED : others);
    }

    /** The same LAPIC with this local-vector-table entry of the timer. */
    public LapicRegisters withTimer(int entry) {
        return with(LapicRegister.LVT_TIMER, entry);
    }

    /** The same LAPIC with this local-vector-table entry of LINT0. */
    public LapicRegisters withLint0(int entry) {
        return with(LapicRegister.LVT_LINT0, entry);
    }

    /** The APIC ID in its ID register, as KVM presents it: bits 31:24. */
    public int id() {
        return value(LapicRegister.ID) >>> ID_SHIFT;
    }

    /** The logical APIC ID of xAPIC mode: bits 31:24 of LDR. */
    public int logicalId() {
        return logicalDestination() >>> ID_SHIFT;
    }

    /** SVR, the spurious-interrupt vector register. */
    public int spurious() {
        return value(LapicRegister.SPURIOUS);
    }

    /** The vectors in the IRR. */
    public SortedSet<Integer> requested() {
        return vectors(REQUESTED);
    }

    /** The vectors in the ISR. */
    public SortedSet<Integer> inService() {
        return vectors(IN_SERVICE);
    }

    /** The vectors in the TMR: those that arrived as level triggered. */
    public SortedSet<Integer> levelTriggered() {
        return vectors(LEVEL_TRIGGERED);
    }

    /** TPR: vectors of this class (bits 7:4) and below are held. */
    public int taskPriority() {
        return value(LapicRegister.TASK_PRIORITY) & 0xff;
    }

    /** LDR: the logical APIC ID; bits 31:24 in xAPIC mode, all of it in x2APIC mode. */
    public int logicalDestination() {
        return value(LapicRegister.LOGICAL_DESTINATION);
    }

    /** DFR: how the logical ID is read in xAPIC mode; bits 31:28 are 0xf for flat, 0 for cluster. */
    public int destinationFormat() {
        return value(LapicRegister.DESTINATION_FORMAT);
    }

    /** SVR bit 8. Without it the LAPIC takes no fixed interrupt. */
    public boolean isSoftwareEnabled() {
        return (value(LapicRegister.SPURIOUS) & SOFTWARE_ENABLED) != 0;
    }

    /** Whether the vector, 0–255, is in the IRR: accepted and not yet delivered to the CPU. */
    public boolean isRequested(int vector) {
        return vectorBit(REQUESTED, vector);
    }

    /** Whether the vector, 0–255, is in the ISR: delivered, without EOI so far. */
    public boolean isInService(int vector) {
        return vectorBit(IN_SERVICE, vector);
    }

    /** The highest vector in the ISR, or -1. */
    public int highestInService() {
        for (int vector = LAST_VECTOR; vector >= 0; vector--) {
            if (isInService(vector)) {
                return vector;
            }
        }
        return -1;
    }

    /** The local-vector-table entry of the timer. */
    public int timer() {
        return value(LapicRegister.LVT_TIMER);
    }

    /** The timer's vector, 0–255. */
    public int timerVector() {
        return timer() & LAST_VECTOR;
    }

    /** Whether the timer's entry is masked. */
    public boolean isTimerMasked() {
        return (timer() & LVT_MASKED) != 0;
    }

    /** The timer's initial count, unsigned; 0 stops it. */
    public int timerInitialCount() {
        return value(LapicRegister.TIMER_INITIAL_COUNT);
    }

    /** The timer's current count, unsigned; 0 if it has expired. */
    public int timerCurrentCount() {
        return value(LapicRegister.TIMER_CURRENT_COUNT);
    }

    /** Whether the timer is in periodic mode and its count is 0, as for a moment at the end of each period. */
    public boolean isTimerAtEndOfPeriod() {
        return timerMode() == LapicTimerMode.PERIODIC && timerInitialCount() != 0 && timerCurrentCount() == 0;
    }

    /** The timer's mode. */
    public LapicTimerMode timerMode() {
        return LapicTimerMode.values()[timer() >> TIMER_MODE_SHIFT & TIMER_MODE];
    }

    /** The local-vector-table entry of LINT0, the pin that the 8259s drive. */
    public int lint0() {
        return value(LapicRegister.LVT_LINT0);
    }

    /** The local-vector-table entry of LINT1, the pin for NMIs. */
    public int lint1() {
        return value(LapicRegister.LVT_LINT1);
    }

    /** Whether LINT0 passes the 8259s' interrupts: its delivery mode is ExtINT and it is not masked. */
    public boolean letsPicThrough() {
        return (lint0() & (LVT_MASKED | LVT_DELIVERY_MODE)) == LVT_EXTINT;
    }

    /** Whether LINT0 makes an NMI of each interrupt: its delivery mode is NMI and it is not masked. */
    public boolean makesNmisOfLint0() {
        return (lint0() & (LVT_MASKED | LVT_DELIVERY_MODE)) == LVT_NMI;
    }
}
