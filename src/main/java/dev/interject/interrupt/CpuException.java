package dev.interject.interrupt;

import java.util.List;

/** The CPU's own vectors, 0 to 31 (Intel SDM vol. 3, table 6-1). */
public final class CpuException {

    private static final List<String> MNEMONICS = List.of("#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF",
            "coprocessor overrun", "#TS", "#NP", "#SS", "#GP", "#PF", "reserved", "#MF", "#AC", "#MC", "#XM", "#VE",
            "#CP");

    private CpuException() {}

    /** The name that manuals use, such as {@code #GP}; "reserved" for a vector that has none. */
    public static String mnemonic(int vector) {
        return vector >= 0 && vector < MNEMONICS.size() ? MNEMONICS.get(vector) : "reserved";
    }
}
