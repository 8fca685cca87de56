package dev.interject.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import net.fornwall.jelf.ElfFile;
import net.fornwall.jelf.ElfSegment;
import net.fornwall.jelf.ElfSymbol;
import net.fornwall.jelf.ElfSymbolTableSection;

/** Reads a {@link GuestImage} from an ELF file. The file is not trusted. */
final class ElfReader {

    /** {@code SHN_ABS}: the symbol is a number, not an address. */
    private static final short ABSOLUTE = (short) 0xfff1;

    // The ELF header (System V ABI, chapter 4)
    private static final int CLASS_OFFSET = 4;
    private static final int DATA_OFFSET = 5;
    private static final int CLASS_64 = 2;
    private static final int BIG_ENDIAN = 2;
    private static final int NO_BITS = 8;

    private ElfReader() {}

    /** @throws IllegalArgumentException if the file cannot be read as ELF */
    static GuestImage read(byte[] file) {
        try {
            checkSections(file);
            return image(ElfFile.from(file), file.length);
        } catch (RuntimeException malformed) { // jelf throws various ones
            throw new IllegalArgumentException("not a well-formed ELF file: " + malformed.getMessage(), malformed);
        }
    }

    private static GuestImage image(ElfFile elf, long fileBytes) {
        List<GuestImage.Part> parts = new ArrayList<>();
        long end = 0;
        for (ElfSegment segment : elf.segmentsOfType(ElfSegment.PT_LOAD)) {
            checkInFile("segment", segment.p_offset, segment.p_filesz, fileBytes);
            parts.add(new GuestImage.Part(segment.p_paddr, segment.getData()));
            end = Math.max(end, Math.addExact(segment.p_paddr, segment.p_memsz));
        }
        return new GuestImage(elf.e_entry, parts, symbols(elf, end));
    }

    /** Checks each section before jelf allocates as many bytes as its header claims. */
    private static void checkSections(byte[] file) {
        ByteBuffer elf = ByteBuffer.wrap(file);
        elf.order(elf.get(DATA_OFFSET) == BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        boolean wide = elf.get(CLASS_OFFSET) == CLASS_64;
        long first = wide ? elf.getLong(0x28) : Integer.toUnsignedLong(elf.getInt(0x20));
        int entryBytes = Short.toUnsignedInt(elf.getShort(wide ? 0x3a : 0x2e));
        int count = Short.toUnsignedInt(elf.getShort(wide ? 0x3c : 0x30));
        checkInFile("section header table", first, (long) entryBytes * count, file.length);
        for (int i = 0; i < count; i++) {
            int header = (int) first + i * entryBytes;
            if (elf.getInt(header + 4) != NO_BITS) {
                long offset = wide ? elf.getLong(header + 0x18) : Integer.toUnsignedLong(elf.getInt(header + 0x10));
                long size = wide ? elf.getLong(header + 0x20) : Integer.toUnsignedLong(elf.getInt(header + 0x14));
                checkInFile("section", offset, size, file.length);
            }
        }
    }

    private static void checkInFile(String what, long offset, long size, long fileBytes) {
        if (offset < 0 || size < 0 || offset > fileBytes - size) {
            throw new IllegalArgumentException("a %s lies outside the file".formatted(what));
        }
    }

    private static Symbols symbols(ElfFile elf, long end) {
        Map<String, Long> addresses = new HashMap<>();
        Map<String, Long> constants = new HashMap<>();
        ElfSymbolTableSection table = elf.getSymbolTableSection();
        if (table != null) {
            for (ElfSymbol symbol : table.symbols) {
                String name = symbol.getName();
                if (name != null && !name.isEmpty()) {
                    (symbol.st_shndx == ABSOLUTE ? constants : addresses).put(name, symbol.st_value);
                }
            }
        }
        return new Symbols(addresses, constants, end);
    }
}
