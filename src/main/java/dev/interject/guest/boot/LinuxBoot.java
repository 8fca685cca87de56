package dev.interject.guest.boot;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

import dev.interject.kvm.state.Registers;

/**
 * The boot protocol of Linux ({@code Documentation/arch/x86/boot.rst}), by its 32-bit or its 64-bit entry.
 *
 * @param mode        {@link BootMode#PROTECTED} or {@link BootMode#LONG}
 * @param entry       where the image starts
 * @param setupHeader the image's bytes from 0x1f1 up to the end of its setup header
 * @param limits      what the image can take
 */
public record LinuxBoot(BootMode mode, long entry, byte[] setupHeader, Limits limits) implements BootProtocol {

    /**
     * What an image can take.
     *
     * @param commandLine the longest command line
     * @param initrd      the first address that is too high for an initrd
     */
    public record Limits(long commandLine, long initrd) {

        /**
         * The command line, with the zero byte that ends it.
         *
         * @param most how many bytes there is room for
         */
        byte[] commandLine(BootRequest request, long most) {
            byte[] text = LittleEndian.string(request.commandLine());
            long bytes = Math.min(commandLine, most);
            if (text.length - 1 > bytes) {
                throw new UnbootableImageException("the command line has %d bytes, and the kernel takes %d".formatted(
                        text.length - 1, bytes), "shorten it");
            }
            return text;
        }

        /** Places the initrd, if there is one, and names it in the boot parameters. */
        void placeInitrd(ByteBuffer parameters, BootMemory memory, BootRequest request) {
            request.initrd().ifPresent(content -> {
                parameters.putInt(RAMDISK_IMAGE, (int) memory.placeHigh("the initrd", content, initrd));
                parameters.putInt(RAMDISK_SIZE, content.length);
            });
        }
    }

    private static final int PAGE = 0x1000;
    private static final int HEADER_OFFSET = 0x1f1;
    private static final int CODE_SELECTOR = 0x10; // __BOOT_CS

    // struct boot_params
    private static final int RSDP = 0x70;
    private static final int RANGES = 0x1e8;
    private static final int VIDEO_MODE = 0x1fa;
    private static final int LOADER_TYPE = 0x210;
    private static final int RAMDISK_IMAGE = 0x218;
    private static final int RAMDISK_SIZE = 0x21c;
    private static final int COMMAND_LINE = 0x228;
    static final int MAP = 0x2d0;
    private static final int RANGE_BYTES = 20;

    private static final short NORMAL_VIDEO_MODE = (short) 0xffff;
    private static final byte UNDEFINED_LOADER = (byte) 0xff;

    /** Checks that nothing is missing. */
    public LinuxBoot {
        Objects.requireNonNull(limits, "limits");
        if (mode == BootMode.REAL || setupHeader.length > MAP - HEADER_OFFSET) {
            throw new IllegalArgumentException("no start of Linux: %s".formatted(mode));
        }
    }

    @Override
    public StartState start(BootMemory memory, BootRequest request) {
        byte[] commandLine = limits.commandLine(request, Integer.MAX_VALUE);
        ByteBuffer parameters = LittleEndian.allocate(PAGE);
        parameters.put(HEADER_OFFSET, setupHeader);
        putLoader(parameters, memory.placeLow("the command line", commandLine));
        limits.placeInitrd(parameters, memory, request);
        parameters.putLong(RSDP, request.rsdp().orElse(0));
        putMap(parameters, memory.map());
        long address = memory.placeLow("the kernel's boot parameters", parameters.array());
        BootTables tables = BootTables.place(mode, CODE_SELECTOR, memory);
        Registers clear = Registers.startingAt(entry);
        return new StartState(mode, entry, tables, new Registers(0, 0, 0, 0, address, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                clear.rip(), clear.rflags()));
    }

    /** Writes what every boot loader fills in. */
    static void putLoader(ByteBuffer parameters, long commandLine) {
        parameters.putShort(VIDEO_MODE, NORMAL_VIDEO_MODE);
        parameters.put(LOADER_TYPE, UNDEFINED_LOADER);
        parameters.putInt(COMMAND_LINE, (int) commandLine);
    }

    private static void putMap(ByteBuffer parameters, List<MemoryRange> ranges) {
        parameters.put(RANGES, (byte) ranges.size());
        parameters.position(MAP);
        for (MemoryRange range : ranges) {
            parameters.putLong(range.address()).putLong(range.bytes()).putInt(range.type());
        }
    }
}
