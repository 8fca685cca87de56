package dev.interject.guest.boot;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Multiboot 2 (Multiboot2 Specification 2.0, 3.2 and 3.6).
 *
 * @param entry where the image starts
 */
public record Multiboot2Boot(long entry) implements BootProtocol {

    private static final int LOADED_BY_MULTIBOOT = 0x36d76289;

    private static final int COMMAND_LINE = 1;
    private static final int LOADER_NAME = 2;
    private static final int MODULE = 3;
    private static final int MEMORY = 4;
    private static final int MAP = 6;
    private static final int ACPI = 14;

    private static final int MOST_BYTES = 0x4000;
    private static final int HEADER_BYTES = 8;
    private static final int RANGE_BYTES = 24;
    private static final int RSDP_BYTES = 20;
    private static final int ALIGNMENT = 8;
    private static final int LOWER_KIB = 639;
    private static final long ONE_MIB = 1 << 20;

    @Override
    public StartState start(BootMemory memory, BootRequest request) {
        ByteBuffer tags = LittleEndian.allocate(MOST_BYTES + request.commandLine().length() * Integer.BYTES);
        tags.position(HEADER_BYTES);
        tag(tags, COMMAND_LINE, LittleEndian.string(request.commandLine()));
        tag(tags, LOADER_NAME, LittleEndian.string("Interject"));
        request.initrd().ifPresent(initrd -> tag(tags, MODULE, module(memory, initrd)));
        tag(tags, MEMORY, LittleEndian.allocate(8)
                .putInt(LOWER_KIB)
                .putInt((int) ((memory.bytes() - ONE_MIB) / 1024))
                .array());
        tag(tags, MAP, map(memory.map()));
        request.rsdp().ifPresent(address -> tag(tags, ACPI, rsdp(memory, address)));
        tag(tags, 0, new byte[0]);
        tags.putInt(0, tags.position());
        byte[] information = Arrays.copyOf(tags.array(), tags.position());
        long address = memory.placeLow("the Multiboot information", information);
        return MultibootBoot.protectedMode(memory, entry, LOADED_BY_MULTIBOOT, address);
    }

    private static void tag(ByteBuffer tags, int type, byte[] content) {
        tags.putInt(type).putInt(HEADER_BYTES + content.length).put(content);
        tags.position(tags.position() + ALIGNMENT - 1 & -ALIGNMENT);
    }

    private static byte[] module(BootMemory memory, byte[] initrd) {
        long start = memory.placeModule("the initrd", initrd);
        byte[] name = LittleEndian.string("initrd");
        return LittleEndian.allocate(8 + name.length)
                .putInt((int) start)
                .putInt((int) (start + initrd.length))
                .put(name)
                .array();
    }

    private static byte[] map(List<MemoryRange> ranges) {
        ByteBuffer map = LittleEndian.allocate(8 + ranges.size() * RANGE_BYTES).putInt(RANGE_BYTES).putInt(0);
        for (MemoryRange range : ranges) {
            map.putLong(range.address()).putLong(range.bytes()).putInt(range.type()).putInt(0);
        }
        return map.array();
    }

    /** A copy of the RSDP of ACPI 1.0. */
    private static byte[] rsdp(BootMemory memory, long address) {
        return memory.parts()
                .stream()
                .filter(part -> part.overlaps(address, RSDP_BYTES))
                .map(part -> Arrays.copyOfRange(part.content(), (int) (address - part.address()),
                        (int) (address - part.address()) + RSDP_BYTES))
                .findFirst()
                .orElseThrow();
    }
}
