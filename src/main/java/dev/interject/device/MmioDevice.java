package dev.interject.device;

/**
 * A device with memory-mapped registers.
 *
 * <p>
 * The guest chooses the arguments, so both methods define a result for every offset in the registered range, every
 * width and every value, and throw nothing. {@link MmioBus} passes an access to the device that owns its first byte,
 * even if the access extends past the end of the device's range.
 */
public interface MmioDevice {

    /**
     * Loads from a register.
     *
     * @param offset the offset of the access from the device's first byte
     * @param width  the number of bytes, 1 to 8; not always a power of two, because KVM splits accesses at pages
     * @return the value loaded, in the low {@code width} bytes
     */
    long read(long offset, int width);

    /**
     * Stores to a register.
     *
     * @param offset the offset of the access from the device's first byte
     * @param width  the number of bytes, 1 to 8
     * @param value  the value, in the low {@code width} bytes; the bytes above are to be ignored
     */
    void write(long offset, int width, long value);
}
