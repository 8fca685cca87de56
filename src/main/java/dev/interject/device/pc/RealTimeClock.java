package dev.interject.device.pc;

import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;

/**
 * The CMOS memory of a PC with its MC146818 clock (Motorola data sheet): time and date in UTC, alarm, periodic and
 * update interrupts, and the size of memory where firmware leaves it. The oscillator cannot be stopped. Thread-safe.
 */
public final class RealTimeClock implements PortDevice {

    /** The index, whose bit 7 masks NMIs, which is ignored. */
    public static final int INDEX_PORT = 0x70;
    /** The register that the index selects. */
    public static final int DATA_PORT = 0x71;
    /** The line of its interrupts. */
    public static final int LINE = 8;

    private static final int BYTES = 128;
    private static final int BYTE = 0xff;

    // Registers
    private static final int ALARM_SECONDS = 0x01;
    private static final int ALARM_MINUTES = 0x03;
    private static final int ALARM_HOURS = 0x05;
    private static final int A = 0x0a;
    private static final int B = 0x0b;
    private static final int C = 0x0c;
    private static final int D = 0x0d;

    private static final int UPDATE_IN_PROGRESS = 0x80;
    private static final int VALID = 0x80;
    private static final int STANDARD_RATE = 0x26;
    private static final int SET = 0x80;
    private static final int HOURS_24 = CalendarRegisters.HOURS_24;
    private static final int ANY = 0xc0;

    private static final int REQUEST = 0x80;
    private static final int PERIODIC = 0x40;
    private static final int ALARM = 0x20;
    private static final int UPDATE = 0x10;
    private static final int ENABLES = PERIODIC | ALARM | UPDATE;

    private static final long NANOS_A_SECOND = 1_000_000_000;
    private static final long UPDATE_NANOS = 244_000;
    private static final long OSCILLATOR_HZ = 32_768;
    private static final long NANOS_A_MILLI = 1_000_000;

    // The size of memory
    private static final int BASE_KIB = 0x15;
    private static final int EXTENDED_KIB = 0x17;
    private static final int EXTENDED_KIB_AGAIN = 0x30;
    private static final int ABOVE_16_MIB = 0x34;
    private static final int LOW_KIB = 640;
    private static final long KIB = 1024;
    private static final long MIB = 1 << 20;
    private static final long SIXTEEN_MIB = 16 * MIB;
    private static final int BLOCK = 64 << 10;
    private static final int WORD = 0xffff;

    private final DeviceClock clock;
    private final LineOutput line;
    private final DeviceTimer periodic;
    private final DeviceTimer seconds;
    private final int[] memory = new int[BYTES];
    private int index;
    private final long startMillis;
    private final long startNanos;
    /** What the guest has set the time ahead by. */
    private long aheadSeconds;
    private long nextPeriod;

    /**
     * @param clock    tells the time
     * @param line     its interrupt
     * @param ramBytes the size of the guest's RAM
     */
    public RealTimeClock(DeviceClock clock, LineOutput line, long ramBytes) {
        this.clock = clock;
        this.line = line;
        this.startMillis = clock.currentTimeMillis();
        this.startNanos = clock.nanoTime();
        this.periodic = clock.timer(this::period);
        this.seconds = clock.timer(this::second);
        memory[A] = STANDARD_RATE;
        memory[B] = HOURS_24;
        putWord(BASE_KIB, LOW_KIB);
        int extended = Math.clamp((ramBytes - MIB) / KIB, 0, WORD);
        putWord(EXTENDED_KIB, extended);
        putWord(EXTENDED_KIB_AGAIN, extended);
        putWord(ABOVE_16_MIB, Math.clamp((ramBytes - SIXTEEN_MIB) / BLOCK, 0, WORD));
    }

    private void putWord(int register, int value) {
        memory[register] = value & BYTE;
        memory[register + 1] = value >> Byte.SIZE;
    }

    /** Registers it at its ports. */
    public void attachTo(PortBus bus) {
        bus.register(INDEX_PORT, DATA_PORT, this);
    }

    @Override
    public synchronized int read(int port, int width) {
        if (port == INDEX_PORT) {
            return BYTE;
        }
        return switch (index) {
            case A -> memory[A] | (updateIsDue() ? UPDATE_IN_PROGRESS : 0);
            case C -> {
                int flags = memory[C];
                memory[C] = 0;
                line.set(false);
                yield flags;
            }
            case D -> VALID;
            default -> isTime(index) && !isSet() ? timeNow()[index] : memory[index];
        };
    }

    @Override
    public synchronized void write(int port, int width, int value) {
        int written = value & BYTE;
        if (port == INDEX_PORT) {
            index = written & BYTES - 1;
            return;
        }
        switch (index) {
            case A -> {
                memory[A] = written & ~UPDATE_IN_PROGRESS;
                schedule();
            }
            case B -> writeB(written);
            case C, D -> {
                // read-only
            }
            default -> {
                if (isTime(index) && !isSet()) {
                    System.arraycopy(timeNow(), 0, memory, 0, A);
                    memory[index] = written;
                    setTime();
                } else {
                    memory[index] = written;
                }
            }
        }
    }

    private void writeB(int written) {
        boolean wasSet = isSet();
        if (!wasSet && (written & SET) != 0) {
            int[] now = timeNow();
            System.arraycopy(now, 0, memory, 0, A);
            memory[CalendarRegisters.CENTURY] = now[CalendarRegisters.CENTURY];
        }
        memory[B] = written;
        if (wasSet && !isSet()) {
            setTime();
        }
        schedule();
        flag(0);
    }

    private boolean isSet() {
        return (memory[B] & SET) != 0;
    }

    private static boolean isTime(int register) {
        return register == CalendarRegisters.CENTURY || register <= CalendarRegisters.YEAR
                && register != ALARM_SECONDS && register != ALARM_MINUTES && register != ALARM_HOURS;
    }

    private boolean updateIsDue() {
        return !isSet() && NANOS_A_SECOND - nanosSince1970() % NANOS_A_SECOND <= UPDATE_NANOS;
    }

    /** The time of the guest's clock in nanoseconds since 1970, without what the guest has set it ahead by. */
    private long nanosSince1970() {
        return startMillis * NANOS_A_MILLI + clock.nanoTime() - startNanos;
    }

    private long seconds() {
        return nanosSince1970() / NANOS_A_SECOND;
    }

    /** The registers of the time now; all others keep their values. */
    private int[] timeNow() {
        int[] now = memory.clone();
        CalendarRegisters.put(seconds() + aheadSeconds, now);
        return now;
    }

    private void setTime() {
        aheadSeconds = CalendarRegisters.seconds(memory) - seconds();
    }

    // --- interrupts

    private long periodNanos() {
        int rate = memory[A] & 0xf;
        if (rate == 0) {
            return 0;
        }
        int shift = rate <= 2 ? rate + 6 : rate - 1; // the two fastest rates of a 32 kHz time base are 256 and 128 Hz
        return NANOS_A_SECOND * (1L << shift) / OSCILLATOR_HZ;
    }

    private void schedule() {
        if ((memory[B] & PERIODIC) != 0 && periodNanos() > 0) {
            nextPeriod = clock.nanoTime() + periodNanos();
            periodic.arm(nextPeriod);
        } else {
            periodic.disarm();
        }
        if ((memory[B] & (ALARM | UPDATE)) != 0) {
            seconds.arm(nextSecond());
        } else {
            seconds.disarm();
        }
    }

    private long nextSecond() {
        return clock.nanoTime() + NANOS_A_SECOND - nanosSince1970() % NANOS_A_SECOND;
    }

    private synchronized void period() {
        long period = periodNanos();
        if ((memory[B] & PERIODIC) == 0 || period == 0) {
            return;
        }
        long behind = Math.max(0, clock.nanoTime() - nextPeriod);
        nextPeriod += (behind / period + 1) * period; // what was missed coalesces
        periodic.arm(nextPeriod);
        flag(PERIODIC);
    }

    private synchronized void second() {
        if ((memory[B] & (ALARM | UPDATE)) == 0) {
            return;
        }
        seconds.arm(nextSecond());
        int[] now = timeNow();
        boolean alarm = matches(ALARM_SECONDS, now[CalendarRegisters.SECONDS])
                && matches(ALARM_MINUTES, now[CalendarRegisters.MINUTES])
                && matches(ALARM_HOURS, now[CalendarRegisters.HOURS]);
        flag(UPDATE | (alarm ? ALARM : 0));
    }

    private boolean matches(int register, int now) {
        return (memory[register] & ANY) == ANY || memory[register] == now;
    }

    /** Sets flags in register C, and raises the line if one of those set is enabled. */
    private void flag(int flags) {
        memory[C] |= flags;
        if ((memory[C] & memory[B] & ENABLES) != 0) {
            memory[C] |= REQUEST;
            line.set(true);
        }
    }
}
