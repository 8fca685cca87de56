package dev.interject.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Links functions of the C library, and keeps the errno that a call left behind.
 *
 * <p>Every call that can fail is linked with {@code captureCallState("errno")}: between a native call and a later look
 * at errno the JVM may have made calls of its own, so only a captured value can be trusted.
 */
final class NativeFunction {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** One segment a thread: errno belongs to the thread that made the call. */
    private static final ThreadLocal<MemorySegment> CALL_STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    private NativeFunction() {}

    /** Links a function whose first argument at the call is the segment from {@link #callState()}. */
    static MethodHandle capturingErrno(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        all[0] = CAPTURE_ERRNO;
        System.arraycopy(options, 0, all, 1, options.length);
        return link(name, descriptor, all);
    }

    /** Links a function that reports no errno. */
    @SuppressWarnings("restricted") // the one place where native code is linked
    static MethodHandle link(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        MemorySegment address = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError(
                        "the C library has no " + name + "(); Interject needs glibc 2.32 or newer"));
        try {
            return LINKER.downcallHandle(address, descriptor, options);
        } catch (IllegalCallerException denied) {
            throw new LinkageError("native access is denied; start Java with --enable-native-access=ALL-UNNAMED",
                    denied);
        }
    }

    /** The calling thread's segment for captured state. */
    static MemorySegment callState() {
        return CALL_STATE.get();
    }

    /** The errno that the last capturing call with this segment left. Only meaningful after that call has failed. */
    static int errno(MemorySegment callState) {
        return (int) ERRNO.get(callState, 0L);
    }

    /** A method handle's signature admits any Throwable; a native call throws none of its own. */
    static AssertionError unexpected(Throwable thrown) {
        return new AssertionError("a native call threw", thrown);
    }
}
