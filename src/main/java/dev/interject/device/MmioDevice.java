package dev.interject.device;

/**
 * A device whose registers lie in memory.
 *
 * <p>
 * Both methods are called with whatever the guest asked for, so they define a result for every offset they are
 * registered at, for every width and for every value, and throw nothing. {@link MmioBus} hands an access to the device
 * that owns its first byte, also where a wide access reaches past the end of the device's registers.
 */
public interface MmioDevice {

    /**
     * Loads from a register.
     *
     * @param offset how far the access is from the device's first byte
     * @param width  how many bytes the guest loads: 1 to 8, and not only powers of two, as KVM splits at pages
     * @return the value loaded, in the low {@code width} bytes
     */
    long read(long offset, int width);

    /**
     * Stores to a register.
     *
     * @param offset how far the access is from the device's first byte
     * @param width  how many bytes the guest stores: 1 to 8
     * @param value  the value, in the low {@code width} bytes; what is above them means nothing
     */
    void write(long offset, int width, long value);
}
