package dev.interject.guest.boot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * The memory of a guest that is about to boot: the parts of its image, and what is placed beside them. No two overlap,
 * and none leaves the memory.
 */
public final class BootMemory {

    /** The smallest memory of a PC: up to the end of its first MiB. */
    public static final long LEAST_BYTES = 1 << 20;

    /** The largest: above is the hole for devices. */
    public static final long MOST_BYTES = 3L << 30;

    private static final long PAGE = 0x1000;
    /** The end of the memory below 640 KiB that a PC's firmware leaves to its guest. */
    private static final long EXTENDED_BIOS_DATA = 0x9fc00;
    private static final long VIDEO_MEMORY = 0xa0000;
    private static final long BIOS = 0xf0000;
    private static final long ONE_MIB = 0x100000;

    private final long bytes;
    private final List<Part> parts = new ArrayList<>();

    /**
     * Memory that holds an image.
     *
     * @param  bytes                    the size of the RAM, which starts at address 0
     * @throws UnbootableImageException if a part leaves the memory or overlaps another
     */
    public BootMemory(long bytes, List<Part> image) {
        this.bytes = bytes;
        image.forEach(this::place);
    }

    /** The size of the RAM. */
    public long bytes() {
        return bytes;
    }

    /** All parts so far. */
    public List<Part> parts() {
        return List.copyOf(parts);
    }

    /**
     * Places a part where it belongs.
     *
     * @throws UnbootableImageException if it leaves the memory or overlaps another
     */
    void place(Part part) {
        if (part.bytes() == 0) {
            return;
        }
        if (part.end() > bytes) {
            throw new UnbootableImageException("%s ends at 0x%x, beyond the guest's memory of %s".formatted(
                    part.name(), part.end(), size(bytes)),
                    part.end() <= MOST_BYTES
                            ? "give the guest at least %s of memory".formatted(
                                    size(part.end() + ONE_MIB - 1 & -ONE_MIB))
                            : "link the image below %s".formatted(size(MOST_BYTES)));
        }
        for (Part other : parts) {
            if (other.overlaps(part.address(), part.bytes())) {
                throw new UnbootableImageException("%s (0x%x-0x%x) overlaps %s (0x%x-0x%x)".formatted(part.name(),
                        part.address(), part.end() - 1, other.name(), other.address(), other.end() - 1),
                        "link the image so that its segments do not overlap");
            }
        }
        parts.add(part);
    }

    /**
     * Places small data that the guest finds by a pointer: below 640 KiB if there is room, else above 1 MiB.
     *
     * @return its address, aligned to pages
     * @throws UnbootableImageException if there is no room for it
     */
    public long placeLow(String name, byte[] content) {
        OptionalLong low = highest(content.length, PAGE, PAGE, EXTENDED_BIOS_DATA);
        return place(name, content, low.isPresent() ? low : lowest(content.length, PAGE, ONE_MIB, bytes));
    }

    /**
     * Places a module above 1 MiB if there is room, else below 640 KiB.
     *
     * @return its address, aligned to pages
     * @throws UnbootableImageException if there is no room for it
     */
    public long placeModule(String name, byte[] content) {
        OptionalLong above = lowest(content.length, PAGE, ONE_MIB, bytes);
        return place(name, content, above.isPresent() ? above
                : highest(content.length, PAGE, PAGE, EXTENDED_BIOS_DATA));
    }

    /**
     * Places data as high as possible.
     *
     * @param  end the first address that is too high
     * @return     its address, aligned to pages
     * @throws UnbootableImageException if there is no room for it
     */
    public long placeHigh(String name, byte[] content, long end) {
        return place(name, content, highest(content.length, PAGE, ONE_MIB, Math.min(end, bytes)));
    }

    /** Places tables in the BIOS's area, if there is room, and returns their address, aligned to 16 bytes. */
    public OptionalLong placeInBios(String name, byte[] content) {
        OptionalLong address = lowest(content.length, 16, BIOS, ONE_MIB);
        address.ifPresent(start -> place(new Part(name, start, content, content.length)));
        return address;
    }

    /** Places data at an address if that is free. */
    public void placeIfFree(String name, long address, byte[] content) {
        if (parts.stream().noneMatch(part -> part.overlaps(address, content.length))) {
            place(new Part(name, address, content, content.length));
        }
    }

    private long place(String name, byte[] content, OptionalLong address) {
        long start = address.orElseThrow(() -> new UnbootableImageException(
                "there is no room for %s of %s in the guest's memory of %s".formatted(name, size(content.length),
                        size(bytes)),
                "give the guest more memory"));
        place(new Part(name, start, content, content.length));
        return start;
    }

    private OptionalLong lowest(long length, long alignment, long from, long to) {
        long address = from;
        for (Part part : sorted(Comparator.comparingLong(Part::address))) {
            if (part.overlaps(address, Math.max(length, 1))) {
                address = part.end() + alignment - 1 & -alignment;
            }
        }
        return address + length <= Math.min(to, bytes) ? OptionalLong.of(address) : OptionalLong.empty();
    }

    private OptionalLong highest(long length, long alignment, long from, long to) {
        long address = to - length & -alignment;
        for (Part part : sorted(Comparator.comparingLong(Part::address).reversed())) {
            if (address >= 0 && part.overlaps(address, Math.max(length, 1))) {
                address = part.address() - length & -alignment;
            }
        }
        return address >= from ? OptionalLong.of(address) : OptionalLong.empty();
    }

    private List<Part> sorted(Comparator<Part> order) {
        return parts.stream().sorted(order).toList();
    }

    /** The map that the guest gets. */
    public List<MemoryRange> map() {
        List<MemoryRange> map = new ArrayList<>(List.of(
                new MemoryRange(0, EXTENDED_BIOS_DATA, true),
                new MemoryRange(EXTENDED_BIOS_DATA, VIDEO_MEMORY - EXTENDED_BIOS_DATA, false),
                new MemoryRange(BIOS, ONE_MIB - BIOS, false)));
        if (bytes > ONE_MIB) {
            map.add(new MemoryRange(ONE_MIB, bytes - ONE_MIB, true));
        }
        return List.copyOf(map);
    }

    /** A size as people write it: 128 MiB. */
    static String size(long bytes) {
        long mib = bytes >> 20;
        return bytes % ONE_MIB != 0 ? "%,d bytes".formatted(bytes)
                : mib % 1024 == 0 && mib > 0 ? "%d GiB".formatted(mib / 1024) : "%d MiB".formatted(mib);
    }
}
