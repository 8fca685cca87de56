package dev.interject.device;

/**
 * A device that answers at I/O ports.
 *
 * <p>
 * Both methods are called with whatever the guest asked for, so they define a result for every port they are
 * registered at, for every width and for every value, and throw nothing. {@link PortBus} hands an access to the device
 * that owns its first port, also where a wide access reaches past the end of the device's range.
 */
public interface PortDevice {

    /**
     * Reads from a port.
     *
     * @param port  the absolute port, 0 to 0xffff
     * @param width how many bytes the guest reads: 1, 2 or 4
     * @return the value read, in the low {@code width} bytes
     */
    int read(int port, int width);

    /**
     * Writes to a port.
     *
     * @param port  the absolute port, 0 to 0xffff
     * @param width how many bytes the guest writes: 1, 2 or 4
     * @param value the value, in the low {@code width} bytes; what is above them means nothing
     */
    void write(int port, int width, int value);
}
