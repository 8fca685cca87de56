package dev.interject.guest.boot;

import java.nio.ByteBuffer;
import java.util.List;

import dev.interject.kvm.state.Registers;

/**
 * Multiboot 1 (Multiboot Specification 0.6.96, 3.2 and 3.3).
 *
 * @param entry where the image starts
 */
public record MultibootBoot(long entry) implements BootProtocol {

    private static final int LOADED_BY_MULTIBOOT = 0x2badb002;

    private static final int HAS_MEMORY = 1;
    private static final int HAS_COMMAND_LINE = 1 << 2;
    private static final int HAS_MODULES = 1 << 3;
    private static final int HAS_MAP = 1 << 6;
    private static final int HAS_LOADER_NAME = 1 << 9;

    private static final int INFORMATION_BYTES = 116;
    private static final int MODULE_BYTES = 16;
    private static final int RANGE_BYTES = 24;
    private static final long ONE_MIB = 1 << 20;
    private static final int LOWER_KIB = 639;

    @Override
    public StartState start(BootMemory memory, BootRequest request) {
        ByteBuffer information = LittleEndian.allocate(INFORMATION_BYTES);
        information.putInt(0, HAS_MEMORY | HAS_COMMAND_LINE | HAS_MAP | HAS_LOADER_NAME
                | (request.initrd().isPresent() ? HAS_MODULES : 0));
        information.putInt(4, LOWER_KIB);
        information.putInt(8, (int) ((memory.bytes() - ONE_MIB) / 1024));
        // the image's name first, as QEMU and GRUB Legacy pass it
        information.putInt(16, (int) memory.placeLow("the command line",
                LittleEndian.string((request.name() + " " + request.commandLine()).strip())));
        request.initrd().ifPresent(initrd -> {
            information.putInt(20, 1);
            information.putInt(24, (int) module(memory, initrd));
        });
        byte[] map = map(memory.map());
        information.putInt(44, map.length);
        information.putInt(48, (int) memory.placeLow("the memory map", map));
        information.putInt(64, (int) memory.placeLow("the loader's name", LittleEndian.string("Interject")));
        long address = memory.placeLow("the Multiboot information", information.array());
        return protectedMode(memory, entry, LOADED_BY_MULTIBOOT, address);
    }

    /** The start that Multiboot and PVH prescribe: 32 bits, no paging, with the information's address in EBX. */
    static StartState protectedMode(BootMemory memory, long entry, long eax, long ebx) {
        BootTables tables = BootTables.place(BootMode.PROTECTED, Long.BYTES, memory);
        Registers clear = Registers.startingAt(entry);
        return new StartState(BootMode.PROTECTED, entry, tables, new Registers(eax & 0xffffffffL, ebx, 0, 0, 0, 0, 0, 0,
                0, 0, 0, 0, 0, 0, 0, 0, clear.rip(), clear.rflags()));
    }

    private static long module(BootMemory memory, byte[] initrd) {
        long start = memory.placeModule("the initrd", initrd);
        ByteBuffer module = LittleEndian.allocate(MODULE_BYTES);
        module.putInt(0, (int) start);
        module.putInt(4, (int) (start + initrd.length));
        module.putInt(8, (int) memory.placeLow("the module's name", LittleEndian.string("initrd")));
        return memory.placeLow("the list of modules", module.array());
    }

    private static byte[] map(List<MemoryRange> ranges) {
        ByteBuffer map = LittleEndian.allocate(ranges.size() * RANGE_BYTES);
        for (MemoryRange range : ranges) {
            map.putInt(RANGE_BYTES - Integer.BYTES); // the size of what follows
            map.putLong(range.address()).putLong(range.bytes()).putInt(range.type());
        }
        return map.array();
    }
}
