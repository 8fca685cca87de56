package dev.interject.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Whether somebody looks at an output ({@code isatty(3)}); Java itself tells only of input and output together. */
public final class Terminal {

    public static final int STDOUT = 1;
    public static final int STDERR = 2;

    private Terminal() {}

    /** @param descriptor {@link #STDOUT} or {@link #STDERR} */
    public static boolean isTerminal(int descriptor) {
        MethodHandle isatty = NativeFunction.link("isatty",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            return (int) isatty.invokeExact(descriptor) == 1;
        } catch (Throwable thrown) {
            throw NativeFunction.unexpected(thrown);
        }
    }
}
