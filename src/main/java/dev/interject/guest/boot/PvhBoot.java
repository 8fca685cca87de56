package dev.interject.guest.boot;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The PVH protocol of Xen ({@code xen/include/public/arch-x86/hvm/start_info.h}), as KVM's VMMs use it.
 *
 * @param entry where the image starts
 */
public record PvhBoot(long entry) implements BootProtocol {

    private static final int MAGIC = 0x336ec578;
    private static final int VERSION = 1;
    private static final int INFORMATION_BYTES = 56;
    private static final int MODULE_BYTES = 32;
    private static final int RANGE_BYTES = 24;

    @Override
    public StartState start(BootMemory memory, BootRequest request) {
        ByteBuffer information = LittleEndian.allocate(INFORMATION_BYTES);
        information.putInt(0, MAGIC);
        information.putInt(4, VERSION);
        request.initrd().ifPresent(initrd -> {
            ByteBuffer module = LittleEndian.allocate(MODULE_BYTES);
            module.putLong(0, memory.placeModule("the initrd", initrd));
            module.putLong(8, initrd.length);
            information.putInt(12, 1);
            information.putLong(16, memory.placeLow("the list of modules", module.array()));
        });
        information.putLong(24, memory.placeLow("the command line", LittleEndian.string(request.commandLine())));
        information.putLong(32, request.rsdp().orElse(0));
        List<MemoryRange> ranges = memory.map();
        ByteBuffer map = LittleEndian.allocate(ranges.size() * RANGE_BYTES);
        for (MemoryRange range : ranges) {
            map.putLong(range.address()).putLong(range.bytes()).putInt(range.type()).putInt(0);
        }
        information.putLong(40, memory.placeLow("the memory map", map.array()));
        information.putInt(48, ranges.size());
        long address = memory.placeLow("the PVH start information", information.array());
        return MultibootBoot.protectedMode(memory, entry, 0, address);
    }
}
