package dev.interject.device;

/**
 * The port through which a guest reports to its host: it writes {@code kind << 24 | vector} with one 32-bit OUT.
 *
 * <p>Any other write is ignored. Reads return all ones, like a port without a device.
 */
public final class Doorbell implements PortDevice {

    /** The port of the built-in guests' doorbell. */
    public static final int PORT = 0x0b00;

    public static final int READY = 1;
    public static final int TAKEN = 2;
    public static final int FAULT = 3;
    public static final int SPURIOUS = 4;

    private static final int KIND_SHIFT = 24;
    private static final int VECTOR_MASK = 0xff;
    private static final int WIDTH = 4;
    private static final int ALL_ONES = -1;

    private final Listener listener;

    /** Receives the guest's reports on the vCPU's thread, before the guest continues. Vectors are 0 to 255. */
    public interface Listener {

        /** The guest is set up and about to run its main loop. */
        void ready();

        /** The handler of this vector is running. */
        void taken(int vector);

        /** An exception stopped the guest. */
        void fault(int vector);

        /** A spurious IRQ 7 or 15 arrived. */
        void spurious(int vector);
    }

    /** Creates a doorbell that reports to a listener. */
    public Doorbell(Listener listener) {
        this.listener = listener;
    }

    @Override
    public int read(int port, int width) {
        return ALL_ONES;
    }

    @Override
    public void write(int port, int width, int value) {
        int vector = value & VECTOR_MASK;
        switch (port == PORT && width == WIDTH ? value >>> KIND_SHIFT : 0) {
            case READY -> listener.ready();
            case TAKEN -> listener.taken(vector);
            case FAULT -> listener.fault(vector);
            case SPURIOUS -> listener.spurious(vector);
            default -> {
                // not a report
            }
        }
    }
}
