package dev.interject.device;

/**
 * The port, and the address, from which a guest reads its next command; both read as {@link #NONE} while there is none.
 * Thread-safe; its methods allocate nothing.
 */
public final class CommandPort implements PortDevice, MmioDevice {

    /** The command port of the built-in guests. */
    public static final int PORT = 0x0b04;

    /** The vector of the interrupt that makes an APIC guest read a command. */
    public static final int VECTOR = 0xf0;

    /** Set in the first word of an IPI whose ICR takes two: bits 31:0, where this one is reserved, and bits 63:32. */
    public static final int TWO_WORDS = 1 << 23;

    /** No command is queued. */
    public static final int NONE = 0;

    /** The number of bytes of a command. */
    public static final int WIDTH = 4;
    private static final int CAPACITY = 16;

    private final int[] commands = new int[CAPACITY];
    private int first;
    private int size;
    /** Whether the guest has found the queue empty since the last command. */
    private boolean awaited;

    /** Creates a port without commands. */
    public CommandPort() {}

    /**
     * Adds a command to the queue. From any thread.
     *
     * @param command what the guest reads; not {@link #NONE}
     * @return whether there was room
     */
    public synchronized boolean offer(int command) {
        if (size == CAPACITY) {
            return false;
        }
        commands[(first + size) % CAPACITY] = command;
        size++;
        awaited = false;
        return true;
    }

    /**
     * Adds a command of two words. From any thread.
     *
     * @param first  not {@link #NONE}
     * @return whether there was room for both
     */
    public synchronized boolean offer(int first, int second) {
        return size < CAPACITY - 1 && offer(first) && offer(second);
    }

    /** Takes the next command from the queue; a read of another width or port takes none. */
    @Override
    public synchronized int read(int port, int width) {
        awaited |= port == PORT && width == WIDTH && size == 0;
        if (port != PORT || width != WIDTH || size == 0) {
            return NONE;
        }
        int command = commands[first];
        first = (first + 1) % CAPACITY;
        size--;
        return command;
    }

    /** Whether the guest has taken all commands, and requested another one since. From any thread. */
    public synchronized boolean isAwaited() {
        return awaited;
    }

    /** The same register by address. */
    @Override
    public long read(long offset, int width) {
        return read(PORT + (int) offset, width);
    }

    @Override
    public void write(long offset, int width, long value) {
        // read-only as well
    }

    @Override
    public void write(int port, int width, int value) {
        // the port is read-only
    }
}
