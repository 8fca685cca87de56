package dev.interject.device;

/**
 * A device with registers at I/O ports.
 *
 * <p>
 * The guest chooses the arguments, so both methods define a result for every port in the registered range, every width
 * and every value, and throw nothing. {@link PortBus} passes an access to the device that owns its first port, even if
 * the access extends past the end of the device's range.
 */
public interface PortDevice {

    /**
     * Reads from a port.
     *
     * @param port  the absolute port, 0 to 0xffff
     * @param width the number of bytes: 1, 2 or 4
     * @return the value read, in the low {@code width} bytes
     */
    int read(int port, int width);

    /**
     * Writes to a port.
     *
     * @param port  the absolute port, 0 to 0xffff
     * @param width the number of bytes: 1, 2 or 4
     * @param value the value, in the low {@code width} bytes; the bytes above are to be ignored
     */
    void write(int port, int width, int value);
}
