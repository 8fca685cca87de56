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

    private CpuException() {}

    /** Whether the CPU pushes an error code with it. */
    public static boolean hasErrorCode(int vector) {
        return WITH_ERROR_CODE.contains(vector);
    }

    /** The name that manuals use, such as {@code #GP}; "reserved" for a vector that has none. */
    public static String mnemonic(int vector) {
        return vector >= 0 && vector < MNEMONICS.size() ? MNEMONICS.get(vector) : "reserved";
    }
}
