package dev.interject.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.termios;

/**
 * A terminal that passes each key at once and as it is, also Ctrl-C. The mode before is restored by {@link #close}, and
 * when the JVM exits.
 */
public final class RawTerminal implements AutoCloseable {

    private static final int STDIN = 0;

    private enum Request implements IoctlRequest {
        TCGETS(NativeHeaders.TCGETS()), TCSETS(NativeHeaders.TCSETS());

        private final long number;

        Request(long number) {
            this.number = number;
        }

        @Override
        public long number() {
            return number;
        }
    }

    private final Arena arena = Arena.ofShared();
    private final MemorySegment before = arena.allocate(termios.layout());
    private final Thread hook = Thread.ofPlatform().name("terminal").unstarted(this::restore);
    private boolean restored;

    private RawTerminal() {}

    /** Makes standard input raw; empty if it is no terminal. */
    public static Optional<RawTerminal> ofStandardInput() {
        if (!Terminal.isTerminal(STDIN)) {
            return Optional.empty();
        }
        RawTerminal terminal = new RawTerminal();
        call(Request.TCGETS, terminal.before);
        Runtime.getRuntime().addShutdownHook(terminal.hook);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(termios.layout()).copyFrom(terminal.before);
            termios.c_lflag(raw, termios.c_lflag(raw) & ~(NativeHeaders.ICANON() | NativeHeaders.ECHO()
                    | NativeHeaders.ISIG() | NativeHeaders.IEXTEN()));
            termios.c_iflag(raw, termios.c_iflag(raw) & ~(NativeHeaders.IXON() | NativeHeaders.ICRNL()));
            MemorySegment characters = termios.c_cc(raw);
            characters.set(ValueLayout.JAVA_BYTE, NativeHeaders.VMIN(), (byte) 1);
            characters.set(ValueLayout.JAVA_BYTE, NativeHeaders.VTIME(), (byte) 0);
            call(Request.TCSETS, raw);
        }
        return Optional.of(terminal);
    }

    private static void call(Request request, MemorySegment argument) {
        int result = SystemCall.ioctl(STDIN, request.number(), argument);
        if (result < 0) {
            throw Failure.of(request.name(), -result);
        }
    }

    private synchronized void restore() {
        if (!restored) {
            restored = true;
            SystemCall.ioctl(STDIN, Request.TCSETS.number(), before); // a terminal that is gone needs no mode
        }
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException inProgress) {
            // it runs, and restores nothing a second time
        }
    }
}
