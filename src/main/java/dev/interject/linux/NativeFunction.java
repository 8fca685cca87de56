package dev.interject.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * A function of the C library, called with the errno that it leaves behind kept.
 *
 * <p>All of them are called by one signature: six integers or addresses in, one out. On x86-64 (System V ABI) these go
 * through the same registers whatever their width, and a function does not look at those that it has no parameter for.
 * The JVM makes classes at run time for each signature that it is to call by, which takes longer than all that a short
 * run does in the kernel: ADR 0013.
 *
 * <p>errno is captured by the call itself: between a native call and a later look the JVM may have made calls of its
 * own.
 */
record NativeFunction(MethodHandle handle) {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private static final FunctionDescriptor SIX_TO_ONE = FunctionDescriptor.of(ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    /** What a variadic function wants to be told as well, and others do not look at: no argument is in an XMM register. */
    private static final Linker.Option VARIADIC = Linker.Option.firstVariadicArg(2);

    /** One segment a thread: errno belongs to the thread that made the call. */
    private static final ThreadLocal<MemorySegment> CALL_STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    /** Links a function. */
    @SuppressWarnings("restricted") // the one place where native code is linked
    static NativeFunction named(String name) {
        MemorySegment address = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError(
                        "the C library has no " + name + "(); Interject needs glibc 2.32 or newer"));
        try {
            return new NativeFunction(LINKER.downcallHandle(address, SIX_TO_ONE,
                    Linker.Option.captureCallState("errno"), VARIADIC));
        } catch (IllegalCallerException denied) {
            throw new LinkageError("native access is denied; start Java with --enable-native-access=ALL-UNNAMED",
                    denied);
        }
    }

    /** The calling thread's segment for captured state. */
    static MemorySegment callState() {
        return CALL_STATE.get();
    }

    /** The errno that the last call with this segment left. Only meaningful after that call has failed. */
    static int errno(MemorySegment callState) {
        return callState.get(ValueLayout.JAVA_INT, ERRNO);
    }

    /**
     * Calls it. Memory that an argument is the address of must be kept alive by the caller: {@link #keepAlive}.
     *
     * @return what the function returns; of an {@code int}, the lower half alone means something
     */
    long call(MemorySegment callState, long first, long second, long third, long fourth, long fifth, long sixth) {
        try {
            return (long) handle.invokeExact(callState, first, second, third, fourth, fifth, sixth);
        } catch (Throwable thrown) { // a method handle's signature admits any; a native call throws none of its own
            throw new AssertionError("a native call threw", thrown);
        }
    }

    long call(MemorySegment callState, long first, long second, long third, long fourth) {
        return call(callState, first, second, third, fourth, 0, 0);
    }

    long call(MemorySegment callState, long first, long second, long third) {
        return call(callState, first, second, third, 0, 0, 0);
    }

    long call(MemorySegment callState, long first) {
        return call(callState, first, 0, 0, 0, 0, 0);
    }

    /** To be called after a call that was given the address of this memory: the garbage collector cannot see that. */
    static void keepAlive(MemorySegment memory) {
        Reference.reachabilityFence(memory);
    }
}
