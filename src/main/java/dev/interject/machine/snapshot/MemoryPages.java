package dev.interject.machine.snapshot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

import dev.interject.kvm.GuestMemory;

/**
 * RAM as bytes: each page of 4 KiB that is not zero, behind its number in 32 bits, in their order. A new machine's
 * memory is zero, and takes up no page of the host where it stays so.
 */
public final class MemoryPages {

    private static final int PAGE_BYTES = 4096;
    private static final int ENTRY_BYTES = Integer.BYTES + PAGE_BYTES;

    private MemoryPages() {}

    static byte[] read(GuestMemory memory) {
        List<Integer> pages = memory.touchedPages()
                .stream()
                .filter(page -> !memory.isZero((long) page * PAGE_BYTES, PAGE_BYTES))
                .boxed()
                .toList();
        byte[] content = new byte[pages.size() * ENTRY_BYTES];
        ByteBuffer numbers = numbers(content);
        for (int i = 0; i < pages.size(); i++) {
            numbers.putInt(i * ENTRY_BYTES, pages.get(i));
            memory.read((long) pages.get(i) * PAGE_BYTES, content, i * ENTRY_BYTES + Integer.BYTES, PAGE_BYTES);
        }
        return content;
    }

    /** Writes the pages into memory that is zero. */
    static void write(byte[] content, GuestMemory memory) {
        require(content, memory.bytes());
        ByteBuffer numbers = numbers(content);
        for (int entry = 0; entry < content.length; entry += ENTRY_BYTES) {
            memory.write((long) numbers.getInt(entry) * PAGE_BYTES, content, entry + Integer.BYTES, PAGE_BYTES);
        }
    }

    /**
     * Checks the pages of a memory of some size.
     *
     * @throws IllegalArgumentException if they are not whole, not in their order, or not in the memory
     */
    public static void require(byte[] content, long bytes) {
        ByteBuffer numbers = numbers(content);
        int last = -1;
        for (int entry = 0; entry < content.length; entry += ENTRY_BYTES) {
            if (content.length - entry < ENTRY_BYTES) {
                throw new IllegalArgumentException("a page is cut short");
            }
            int page = numbers.getInt(entry);
            if (page <= last || page >= bytes / PAGE_BYTES) {
                throw new IllegalArgumentException("page %d is not in order, or not in the memory".formatted(page));
            }
            last = page;
        }
    }

    private static ByteBuffer numbers(byte[] content) {
        return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }
}
