package dev.interject.linux;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

import dev.interject.bindings.NativeHeaders;

/**
 * System calls through {@code syscall(2)} of the C library.
 *
 * <p>Each returns the kernel's result: 0 or above, or the negated error number. Allocates nothing once the optimizing
 * compiler has compiled the caller, and at most 64 bytes a call before: ADR 0018.
 */
final class SystemCall {

    private static final long ANYWHERE = 0;

    private SystemCall() {}

    /** {@code openat(2)}, from the working directory: the descriptor, or the negated error number. */
    static int open(MemorySegment path, int flags) {
        long result = call(NativeHeaders.SYS_openat(), NativeHeaders.AT_FDCWD(), address(path), flags);
        Reference.reachabilityFence(path);
        return (int) result;
    }

    /** {@code close(2)}: 0, or the negated error number. */
    static int close(int fd) {
        return (int) call(NativeHeaders.SYS_close(), fd, 0, 0);
    }

    /** {@code ioctl(2)}: what the request returns, or the negated error number. */
    static int ioctl(int fd, long request, MemorySegment argument) {
        long result = call(NativeHeaders.SYS_ioctl(), fd, request, address(argument));
        Reference.reachabilityFence(argument);
        return (int) result;
    }

    /** {@code write(2)} of a whole segment: how many bytes, or the negated error number. */
    static long write(int fd, MemorySegment from) {
        long result = call(NativeHeaders.SYS_write(), fd, address(from), from.byteSize());
        Reference.reachabilityFence(from);
        return result;
    }

    /** {@code read(2)} into a whole segment: how many bytes, or the negated error number. */
    static long read(int fd, MemorySegment into) {
        long result = call(NativeHeaders.SYS_read(), fd, address(into), into.byteSize());
        Reference.reachabilityFence(into);
        return result;
    }

    /** {@code pread(2)} into a whole segment: how many bytes, or the negated error number. */
    static long readAt(int fd, long offset, MemorySegment into) {
        long result = call(NativeHeaders.SYS_pread64(), fd, address(into), into.byteSize(), offset, 0, 0);
        Reference.reachabilityFence(into);
        return result;
    }

    /** {@code mmap(2)} of the start of a descriptor, at any address: the address, or the negated error number. */
    static long map(long bytes, int protection, int flags, int fd) {
        return call(NativeHeaders.SYS_mmap(), ANYWHERE, bytes, protection, flags, fd, 0);
    }

    /** {@code munmap(2)} of a whole segment: 0, or the negated error number. */
    static int unmap(MemorySegment memory) {
        return (int) call(NativeHeaders.SYS_munmap(), memory.address(), memory.byteSize(), 0);
    }

    /** {@code eventfd(2)}, at 0: the descriptor, or the negated error number. */
    static int eventfd(int flags) {
        return (int) call(NativeHeaders.SYS_eventfd2(), 0, flags, 0);
    }

    /** {@code getpid(2)}. */
    static int process() {
        return (int) call(NativeHeaders.SYS_getpid(), 0, 0, 0);
    }

    /** {@code gettid(2)}. */
    static int thread() {
        return (int) call(NativeHeaders.SYS_gettid(), 0, 0, 0);
    }

    /** {@code tgkill(2)}: 0, or the negated error number. */
    static int tgkill(int process, int thread, int signal) {
        return (int) call(NativeHeaders.SYS_tgkill(), process, thread, signal);
    }

    /**
     * {@code sigprocmask(2)}, of the calling thread alone: 0, or the negated error number.
     *
     * @param set    the kernel's 64-bit set
     * @param before where the set goes that was in force
     */
    static int blockSignals(MemorySegment set, MemorySegment before) {
        long result = call(NativeHeaders.SYS_rt_sigprocmask(), NativeHeaders.SIG_BLOCK(), address(set), address(before),
                Long.BYTES, 0, 0);
        Reference.reachabilityFence(set);
        Reference.reachabilityFence(before);
        return (int) result;
    }

    /**
     * {@code sigtimedwait(2)} without the signal's details: its number, or the negated error number.
     *
     * @param set  the kernel's 64-bit set
     * @param time how long to wait
     */
    static int sigtimedwait(MemorySegment set, MemorySegment time) {
        long result = call(NativeHeaders.SYS_rt_sigtimedwait(), address(set), MemorySegment.NULL.address(),
                address(time), Long.BYTES, 0, 0);
        Reference.reachabilityFence(set);
        Reference.reachabilityFence(time);
        return (int) result;
    }

    private static long address(MemorySegment argument) {
        if (!argument.isNative()) {
            throw new IllegalArgumentException("the kernel cannot reach the Java heap");
        }
        return argument.address();
    }

    private static long call(int number, long first, long second, long third) {
        return call(number, first, second, third, 0, 0, 0);
    }

    private static long call(int number, long first, long second, long third, long fourth, long fifth, long sixth) {
        long result = NativeFunction.syscall(number, first, second, third, fourth, fifth, sixth);
        return result == -1 ? -NativeFunction.errno() : result;
    }
}
