package dev.interject.guest.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Structures of a boot protocol or a table, little-endian as on x86. */
public final class LittleEndian {

    private LittleEndian() {}

    /** A structure of zeros. */
    public static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The bytes of a file. */
    public static ByteBuffer of(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Machine code, a byte each. */
    public static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** Text that ends with a zero byte. */
    public static byte[] string(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }
}
