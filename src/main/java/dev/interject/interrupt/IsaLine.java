package dev.interject.interrupt;

import java.util.List;

/** The sixteen lines of a PC's two 8259s, and what each is used for there. */
public enum IsaLine {
    IRQ0("the system timer"),
    IRQ1("the keyboard"),
    IRQ2("the cascade from the slave 8259"),
    IRQ3("serial port COM2"),
    IRQ4("serial port COM1"),
    IRQ5("a second parallel port or a sound card"),
    IRQ6("the floppy controller"),
    IRQ7("parallel port LPT1"),
    IRQ8("the real-time clock"),
    IRQ9(null),
    IRQ10(null),
    IRQ11(null),
    IRQ12("the PS/2 mouse"),
    IRQ13("the FPU"),
    IRQ14("the primary ATA channel"),
    IRQ15("the secondary ATA channel");

    /** Fixed as edge triggered in a PC's ELCR: 0, 1, 2, 8 and 13. */
    private static final List<Integer> EDGE_ONLY = List.of(0, 1, 2, 8, 13);

    private final String usualOwner;

    IsaLine(String usualOwner) {
        this.usualOwner = usualOwner;
    }

    /** @param number 0–15 */
    public static IsaLine of(int number) {
        return values()[number];
    }

    /** Whether there is an ISA line with this number. */
    public static boolean exists(int number) {
        return number >= 0 && number < values().length;
    }

    /** The line's number, 0 to 15. */
    public int number() {
        return ordinal();
    }

    /** Whether a PC leaves this line to peripherals: 9, 10 and 11. */
    public boolean isFree() {
        return usualOwner == null;
    }

    /** What a PC uses the line for. */
    public String use() {
        return isFree() ? "free for peripherals" : usualOwner;
    }

    /** Whether the ELCR lets this line be level triggered. */
    public boolean canBeLevel() {
        return !EDGE_ONLY.contains(number());
    }
}
