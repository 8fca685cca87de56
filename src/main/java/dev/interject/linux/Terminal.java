package dev.interject.linux;

/** Whether somebody looks at an output ({@code isatty(3)}); Java itself tells only of input and output together. */
public final class Terminal {

    public static final int STDOUT = 1;
    public static final int STDERR = 2;

    private Terminal() {}

    /** @param descriptor {@link #STDOUT} or {@link #STDERR} */
    public static boolean isTerminal(int descriptor) {
        return (int) NativeFunction.named("isatty").call(descriptor) == 1;
    }
}
