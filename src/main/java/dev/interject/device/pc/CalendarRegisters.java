package dev.interject.device.pc;

import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.TimeZone;

/** The time in the registers of an MC146818 (Motorola data sheet, "Time, calendar and alarm bytes"), in UTC. */
final class CalendarRegisters {

    static final int SECONDS = 0x00;
    static final int MINUTES = 0x02;
    static final int HOURS = 0x04;
    static final int YEAR = 0x09;
    static final int CENTURY = 0x32;

    private static final int WEEKDAY = 0x06;
    private static final int DAY = 0x07;
    private static final int MONTH = 0x08;
    private static final int B = 0x0b;

    /** Bit of register B: hours count from 0 to 23. */
    static final int HOURS_24 = 0x02;
    private static final int BINARY = 0x04;
    private static final int PM = 0x80;

    private static final int HALF_A_DAY = 12;
    private static final int YEARS_A_CENTURY = 100;
    private static final long MILLIS_A_SECOND = 1000;

    private CalendarRegisters() {}

    private static GregorianCalendar calendar() {
        return new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
    }

    /** Puts a time, in seconds since 1970, as register B wants it. */
    static void put(long seconds, int[] memory) {
        GregorianCalendar time = calendar();
        time.setTimeInMillis(seconds * MILLIS_A_SECOND);
        memory[SECONDS] = coded(time.get(Calendar.SECOND), memory);
        memory[MINUTES] = coded(time.get(Calendar.MINUTE), memory);
        memory[HOURS] = codedHour(time.get(Calendar.HOUR_OF_DAY), memory);
        memory[WEEKDAY] = coded(time.get(Calendar.DAY_OF_WEEK), memory);
        memory[DAY] = coded(time.get(Calendar.DAY_OF_MONTH), memory);
        memory[MONTH] = coded(time.get(Calendar.MONTH) + 1, memory);
        memory[YEAR] = coded(time.get(Calendar.YEAR) % YEARS_A_CENTURY, memory);
        memory[CENTURY] = coded(time.get(Calendar.YEAR) / YEARS_A_CENTURY, memory);
    }

    /** The time in the registers, in seconds since 1970; values out of range carry over. */
    static long seconds(int[] memory) {
        GregorianCalendar time = calendar();
        time.clear();
        time.set(decoded(memory[CENTURY], memory) * YEARS_A_CENTURY + decoded(memory[YEAR], memory),
                decoded(memory[MONTH], memory) - 1, decoded(memory[DAY], memory), decodedHour(memory),
                decoded(memory[MINUTES], memory), decoded(memory[SECONDS], memory));
        return time.getTimeInMillis() / MILLIS_A_SECOND;
    }

    private static boolean has(int bit, int[] memory) {
        return (memory[B] & bit) != 0;
    }

    private static int coded(int value, int[] memory) {
        return has(BINARY, memory) ? value : value / 10 << 4 | value % 10;
    }

    private static int decoded(int value, int[] memory) {
        return has(BINARY, memory) ? value : (value >> 4) * 10 + (value & 0xf);
    }

    private static int codedHour(int hour, int[] memory) {
        if (has(HOURS_24, memory)) {
            return coded(hour, memory);
        }
        int ofHalf = hour % HALF_A_DAY == 0 ? HALF_A_DAY : hour % HALF_A_DAY;
        return coded(ofHalf, memory) | (hour >= HALF_A_DAY ? PM : 0);
    }

    private static int decodedHour(int[] memory) {
        int value = memory[HOURS];
        return has(HOURS_24, memory) ? decoded(value, memory)
                : decoded(value & ~PM, memory) % HALF_A_DAY + ((value & PM) != 0 ? HALF_A_DAY : 0);
    }
}
