package dev.interject.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * A function of the C library, linked with errno captured.
 *
 * <p>All functions share one signature, that of {@code syscall(2)}: seven integers or addresses in, one out. The C
 * calling convention of x86-64 (System V ABI) passes these alike whatever their width, and a function ignores those
 * that it has no parameter for. The JVM generates classes for each signature at run time, which takes longer than all
 * system calls of a short run: ADR 0013.
 */
record NativeFunction(MethodHandle handle) {

    private static final Linker LINKER = Linker.nativeLinker();

    private static final FunctionDescriptor SEVEN_TO_ONE = FunctionDescriptor.of(ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

    private static final Linker.Option[] OPTIONS = {Linker.Option.firstVariadicArg(1),
        Linker.Option.captureCallState("errno")};

    private static final VarHandle ERRNO = Linker.Option.captureStateLayout()
            .varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** Where a call of this thread leaves errno. */
    private static final ThreadLocal<MemorySegment> CALL_STATE = ThreadLocal
            .withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    private static final MethodHandle SYSCALL = named("syscall").handle;

    /** Links a function of the C library. */
    @SuppressWarnings("restricted") // the one place where native code is linked
    static NativeFunction named(String name) {
        MemorySegment address = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError(
                        "the C library has no " + name + "(); Interject needs glibc 2.32 or newer"));
        try {
            return new NativeFunction(LINKER.downcallHandle(address, SEVEN_TO_ONE, OPTIONS));
        } catch (IllegalCallerException denied) {
            Module module = NativeFunction.class.getModule();
            throw new LinkageError("native access is denied; start Java with --enable-native-access="
                    + (module.isNamed() ? module.getName() : "ALL-UNNAMED"), denied);
        }
    }

    /** Calls it with one argument, or without. Only the lower half of an {@code int} result is defined. */
    long call(long argument) {
        try {
            return (long) handle.invokeExact(CALL_STATE.get(), argument, 0L, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /** {@code syscall(2)}. It has a constant of its own: C1 inlines the handle of a constant, not that of a record. */
    static long syscall(long number, long first, long second, long third, long fourth, long fifth, long sixth) {
        try {
            return (long) SYSCALL.invokeExact(CALL_STATE.get(), number, first, second, third, fourth, fifth, sixth);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    // a method handle's signature admits any exception; native code throws none
    private static AssertionError unexpected(Throwable thrown) {
        return new AssertionError("a native call threw", thrown);
    }

    /** errno as this thread's last call left it; defined only where that reported an error. */
    static int errno() {
        return (int) ERRNO.get(CALL_STATE.get(), 0L);
    }
}
