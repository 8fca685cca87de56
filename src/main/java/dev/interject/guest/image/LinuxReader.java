package dev.interject.guest.image;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.BootProtocol;
import dev.interject.guest.boot.LinuxBoot;
import dev.interject.guest.boot.LinuxRealBoot;
import dev.interject.guest.boot.LittleEndian;
import dev.interject.guest.boot.Part;
import dev.interject.guest.boot.UnbootableImageException;

/** Reads a bzImage ({@code Documentation/arch/x86/boot.rst}). */
final class LinuxReader {

    private static final int MAGIC = 0x53726448; // "HdrS"
    private static final int SECTOR = 512;
    private static final int STANDARD_SETUP_SECTORS = 4;
    private static final long LOAD = 0x100000;
    private static final int ENTRY_64 = 0x200;

    // The setup header
    private static final int HEADER = 0x1f1;
    private static final int BOOT_FLAG = 0x1fe;
    private static final int JUMP_OFFSET = 0x201;
    private static final int HEADER_MAGIC = 0x202;
    private static final int VERSION = 0x206;
    private static final int LOAD_FLAGS = 0x211;
    private static final int ENTRY_32 = 0x214;
    private static final int INITRD_LAST = 0x22c;
    private static final int LOAD_FLAGS_64 = 0x236;
    private static final int COMMAND_LINE_BYTES = 0x238;
    private static final int PREFERRED_ADDRESS = 0x258;
    private static final int MEMORY_BYTES = 0x260;
    private static final int LARGEST_END = 0x290;

    private static final int LOADED_HIGH = 1;
    private static final int HAS_ENTRY_64 = 1;

    // Versions of the protocol, by what they added
    private static final int INITRD_LIMIT_SINCE = 0x203;
    private static final int COMMAND_LINE_SINCE = 0x206;
    private static final int MEMORY_SINCE = 0x20a;
    private static final int ENTRY_64_SINCE = 0x20c;

    private static final long OLD_INITRD_LAST = 0x37ffffff;
    private static final long OLD_COMMAND_LINE_BYTES = 255;

    private LinuxReader() {}

    static boolean accepts(byte[] file) {
        ByteBuffer bytes = LittleEndian.of(file);
        return file.length >= VERSION + 2 && bytes.getInt(HEADER_MAGIC) == MAGIC
                && bytes.getShort(BOOT_FLAG) == (short) 0xaa55;
    }

    static GuestImage read(byte[] file, ImageOptions options) {
        options.requireOnly(ImageFormat.LINUX, BootMode.values());
        int headerEnd = file.length > JUMP_OFFSET ? HEADER_MAGIC + Byte.toUnsignedInt(file[JUMP_OFFSET]) : 0;
        if (!accepts(file) || headerEnd <= LOAD_FLAGS || headerEnd > LARGEST_END || file.length < LARGEST_END) {
            throw new UnbootableImageException("the image has no setup header of Linux", "build the kernel again");
        }
        // fields that this version of the header lacks read as zero
        byte[] header = Arrays.copyOf(Arrays.copyOf(file, headerEnd), LARGEST_END);
        ByteBuffer fields = LittleEndian.of(header);
        int version = Short.toUnsignedInt(fields.getShort(VERSION));
        if (version < INITRD_LIMIT_SINCE || (fields.get(LOAD_FLAGS) & LOADED_HIGH) == 0) {
            throw new UnbootableImageException(
                    "the kernel is no bzImage, or its boot protocol %d.%02d is too old".formatted(version >> 8,
                            version & 0xff),
                    "build a bzImage of Linux 2.4.18 or newer");
        }
        boolean entry64 = version >= ENTRY_64_SINCE && (fields.get(LOAD_FLAGS_64) & HAS_ENTRY_64) != 0;
        boolean entry32 = fields.getInt(ENTRY_32) != 0;
        BootMode mode = options.mode().orElse(entry64 ? BootMode.LONG : entry32 ? BootMode.PROTECTED : BootMode.REAL);
        if (mode == BootMode.LONG && !entry64) {
            throw new UnbootableImageException("the kernel has no 64-bit entry", "start it in %s mode".formatted(
                    entry32 ? BootMode.PROTECTED : BootMode.REAL));
        }
        if (mode == BootMode.PROTECTED && !entry32) {
            throw new UnbootableImageException("the kernel has no 32-bit entry", "start it in real mode");
        }
        LinuxBoot.Limits limits = new LinuxBoot.Limits(
                version >= COMMAND_LINE_SINCE ? word(fields, COMMAND_LINE_BYTES) : OLD_COMMAND_LINE_BYTES,
                (word(fields, INITRD_LAST) == 0 ? OLD_INITRD_LAST : word(fields, INITRD_LAST)) + 1);
        int setupEnd = setupEnd(file);
        List<Part> parts = List.of(kernel(file, setupEnd, fields, version));
        BootProtocol boot = mode == BootMode.REAL
                ? new LinuxRealBoot(Arrays.copyOf(file, setupEnd), limits)
                : ImageReader.checked(new LinuxBoot(mode, LOAD + (mode == BootMode.LONG ? ENTRY_64 : 0),
                        Arrays.copyOfRange(file, HEADER, headerEnd), limits), parts);
        return new GuestImage(ImageFormat.LINUX, boot, parts, Symbols.NONE);
    }

    /** Where the setup code ends and the protected-mode part begins. */
    private static int setupEnd(byte[] file) {
        int sectors = Byte.toUnsignedInt(file[HEADER]);
        int end = ((sectors == 0 ? STANDARD_SETUP_SECTORS : sectors) + 1) * SECTOR;
        if (end >= file.length) {
            throw new UnbootableImageException("the kernel ends before its protected-mode part", "copy it again");
        }
        return end;
    }

    /** The protected-mode part, with the memory that it uses before it reads the map. */
    private static Part kernel(byte[] file, int start, ByteBuffer fields, int version) {
        byte[] content = Arrays.copyOfRange(file, start, file.length);
        long end = LOAD + content.length;
        if (version >= MEMORY_SINCE) {
            long preferred = fields.getLong(PREFERRED_ADDRESS);
            long needed = Math.max(LOAD, preferred) + word(fields, MEMORY_BYTES);
            if (preferred < 0 || needed < 0) {
                throw new UnbootableImageException("the kernel wants to run at 0x%x".formatted(preferred),
                        "build it with a start below 3 GiB (CONFIG_PHYSICAL_START)");
            }
            end = Math.max(end, needed);
        }
        return new Part("the kernel", LOAD, content, end - LOAD);
    }

    private static long word(ByteBuffer bytes, int offset) {
        return MultibootReader.word(bytes, offset);
    }
}
