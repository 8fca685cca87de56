package dev.interject.device;

/**
 * The port from which a guest fetches its next command. It reads as {@link #NONE} while there is none. Thread-safe;
 * its methods allocate nothing.
 */
public final class CommandPort implements PortDevice {

    /** The port of the built-in guests. */
    public static final int PORT = 0x0b04;

    /** The vector of the interrupt that makes an APIC guest fetch a command. */
    public static final int VECTOR = 0xf0;

    /** Nothing to do. */
    public static final int NONE = 0;

    private static final int WIDTH = 4;
    private static final int ROOM = 16;

    private final int[] commands = new int[ROOM];
    private int first;
    private int size;

    /** Without commands. */
    public CommandPort() {}

    /**
     * Adds a command to the queue. From any thread.
     *
     * @param command what the guest reads; not {@link #NONE}
     * @return whether there was room
     */
    public synchronized boolean offer(int command) {
        if (size == ROOM) {
            return false;
        }
        commands[(first + size) % ROOM] = command;
        size++;
        return true;
    }

    /** A read of another width or of another port fetches nothing. */
    @Override
    public synchronized int read(int port, int width) {
        if (port != PORT || width != WIDTH || size == 0) {
            return NONE;
        }
        int command = commands[first];
        first = (first + 1) % ROOM;
        size--;
        return command;
    }

    @Override
    public void write(int port, int width, int value) {
        // it can only be read
    }
}
