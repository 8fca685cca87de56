package dev.interject.linux;

/**
 * Whether an output is a terminal ({@code isatty(3)}); {@link System#console} only answers for input and output
 * together.
 */
public final class Terminal {

    public static final int STDOUT = 1;
    public static final int STDERR = 2;

    /** The descriptors that are terminals, as the launcher found: a shell knows without linking a native function. */
    private static final String KNOWN = System.getProperty("interject.terminals");

    private Terminal() {}

    /**
     * Whether a descriptor refers to a terminal.
     *
     * @param descriptor {@link #STDOUT} or {@link #STDERR}
     */
    public static boolean isTerminal(int descriptor) {
        if (KNOWN != null) {
            return KNOWN.contains(String.valueOf(descriptor));
        }
        return (int) NativeFunction.named("isatty").call(descriptor) == 1;
    }
}
