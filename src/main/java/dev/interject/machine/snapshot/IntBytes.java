package dev.interject.machine.snapshot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;

/** Numbers of 32 bits as bytes, the lowest first. */
public final class IntBytes {

    private IntBytes() {}

    /** Numbers as bytes. */
    public static byte[] write(List<Integer> values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.size() * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(buffer::putInt);
        return buffer.array();
    }

    /** @throws IllegalArgumentException if the bytes end within a number */
    public static List<Integer> read(byte[] content) {
        if (content.length % Integer.BYTES != 0) {
            throw new IllegalArgumentException("numbers of 32 bits do not have %d bytes".formatted(content.length));
        }
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        return IntStream.range(0, content.length / Integer.BYTES).map(_ -> buffer.getInt()).boxed().toList();
    }
}
