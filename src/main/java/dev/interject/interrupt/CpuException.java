package dev.interject.interrupt;

import java.util.List;
import java.util.Set;

/** The CPU's own vectors, 0 to 31 (Intel SDM vol. 3, table 6-1). */
public final class CpuException {

    private static final List<String> MNEMONICS = List.of("#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF",
            "coprocessor overrun", "#TS", "#NP", "#SS", "#GP", "#PF", "reserved", "#MF", "#AC", "#MC", "#XM", "#VE",
            "#CP");

    /** Those that push an error code (Intel SDM vol. 3, table 6-1; #VC and #SX by AMD's manual). */
    private static final Set<Integer> WITH_ERROR_CODE = Set.of(8, 10, 11, 12, 13, 14, 17, 21, 29, 30);

    public static final int NMI = 2;
    public static final int DOUBLE_FAULT = 8;
    public static final int INVALID_TSS = 10;
    public static final int SEGMENT_NOT_PRESENT = 11;
    public static final int STACK_FAULT = 12;
    public static final int GENERAL_PROTECTION = 13;
    public static final int PAGE_FAULT = 14;

    /** #DE, #TS, #NP, #SS, #GP and #CP (Intel SDM vol. 3A, "Interrupt 8—Double Fault Exception"). */
    private static final Set<Integer> CONTRIBUTORY =
            Set.of(0, INVALID_TSS, SEGMENT_NOT_PRESENT, STACK_FAULT, GENERAL_PROTECTION, 21);

    /** #PF and #VE. */
    private static final Set<Integer> OF_PAGES = Set.of(PAGE_FAULT, 20);

    private CpuException() {}

    /** Whether a second fault during the delivery of the first is a double fault (the same table). */
    public static boolean isDouble(int first, int second) {
        return CONTRIBUTORY.contains(first) && CONTRIBUTORY.contains(second)
                || OF_PAGES.contains(first) && (CONTRIBUTORY.contains(second) || OF_PAGES.contains(second));
    }

    /** Whether the CPU pushes an error code with it. */
    public static boolean hasErrorCode(int vector) {
        return WITH_ERROR_CODE.contains(vector);
    }

    /** The name that manuals use, such as {@code #GP}; "reserved" for a vector that has none. */
    public static String mnemonic(int vector) {
        return vector >= 0 && vector < MNEMONICS.size() ? MNEMONICS.get(vector) : "reserved";
    }
}
