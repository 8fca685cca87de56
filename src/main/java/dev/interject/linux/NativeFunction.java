package dev.interject.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Native code that can be called. errno is not kept: what can fail is a {@link SystemCall}, which has none.
 *
 * <p>All of it is called by one signature: seven integers or addresses in, one out. The C calling convention of x86-64
 * (System V ABI) passes these alike whatever their width, and a function does not look at those that it has no
 * parameter for. For each signature the JVM makes classes at run time, which takes longer than all that a short run
 * does in the kernel: ADR 0013.
 */
record NativeFunction(MethodHandle handle) {

    private static final Linker LINKER = Linker.nativeLinker();

    private static final FunctionDescriptor SEVEN_TO_ONE = FunctionDescriptor.of(ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

    /** Links a function of the C library; not one with a variable number of arguments. */
    static NativeFunction named(String name) {
        return at(LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError(
                        "the C library has no " + name + "(); Interject needs glibc 2.32 or newer")));
    }

    /** Links code that lies at an address. */
    @SuppressWarnings("restricted") // the one place where native code is linked
    static NativeFunction at(MemorySegment address) {
        try {
            return new NativeFunction(LINKER.downcallHandle(address, SEVEN_TO_ONE));
        } catch (IllegalCallerException denied) {
            Module ours = NativeFunction.class.getModule();
            throw new LinkageError("native access is denied; start Java with --enable-native-access="
                    + (ours.isNamed() ? ours.getName() : "ALL-UNNAMED"), denied);
        }
    }

    /** What it returns; of an {@code int} the lower half alone means something. Allocates nothing. */
    long call(long first, long second, long third, long fourth, long fifth, long sixth, long seventh) {
        try {
            return (long) handle.invokeExact(first, second, third, fourth, fifth, sixth, seventh);
        } catch (Throwable thrown) { // a method handle's signature admits any; native code throws none
            throw new AssertionError("a native call threw", thrown);
        }
    }

    /** The same for a function with fewer parameters. */
    long call(long first) {
        return call(first, 0, 0, 0, 0, 0, 0);
    }
}
