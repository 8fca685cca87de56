package dev.interject.guest.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.interject.guest.boot.LittleEndian;
import dev.interject.guest.boot.UnbootableImageException;

/**
 * Reads the symbol table of an ELF file (System V ABI, chapter 4). jelf could, but it constructs all sections for it:
 * it fails at notes that it does not know, and allocates what a header claims.
 */
final class ElfSymbols {

    /** {@code SHT_SYMTAB}. */
    private static final int SYMBOL_TABLE = 2;
    /** {@code SHN_ABS}: the symbol is a number, not an address. */
    private static final int ABSOLUTE = 0xfff1;

    private static final int CLASS_OFFSET = 4;
    private static final int CLASS_64 = 2;

    /** How many times longer than the file all names together may be: they may share their ends. */
    private static final int LONGEST_NAMES = 16;

    private final ByteBuffer elf;
    private final boolean wide;
    /** In their order: global symbols come last, and their names are preferred. */
    private final Map<String, Long> addresses = new LinkedHashMap<>();
    private final Map<String, Long> constants = new HashMap<>();
    private long characters;

    private ElfSymbols(byte[] file) {
        this.elf = LittleEndian.of(file);
        this.wide = elf.get(CLASS_OFFSET) == CLASS_64;
    }

    /** Where a table is in the file. */
    private record Extent(long offset, long bytes) {}

    /**
     * The symbols of a file.
     *
     * @param  end                       the first address after the image
     * @throws UnbootableImageException  if a table lies outside the file
     * @throws IndexOutOfBoundsException if the file ends in its header
     */
    static Symbols read(byte[] file, long end) {
        ElfSymbols symbols = new ElfSymbols(file);
        symbols.readAll();
        return new Symbols(symbols.addresses, symbols.constants, end);
    }

    private long word(int wideOffset, int narrowOffset) {
        return wide ? elf.getLong(wideOffset) : Integer.toUnsignedLong(elf.getInt(narrowOffset));
    }

    private int half(int wideOffset, int narrowOffset) {
        return Short.toUnsignedInt(elf.getShort(wide ? wideOffset : narrowOffset));
    }

    private void readAll() {
        long headers = word(0x28, 0x20);
        int headerBytes = half(0x3a, 0x2e);
        int count = half(0x3c, 0x30);
        ElfFileReader.checkInFile("section header table", headers, (long) headerBytes * count, elf.limit());
        for (int i = 0; i < count; i++) {
            int header = (int) headers + i * headerBytes;
            if (elf.getInt(header + 4) == SYMBOL_TABLE) {
                int names = elf.getInt(header + (wide ? 0x28 : 0x18));
                if (names < 0 || names >= count) {
                    throw ElfFileReader.malformed("its symbols have no names");
                }
                read(extent(header), extent((int) headers + names * headerBytes));
                return;
            }
        }
    }

    private Extent extent(int header) {
        long offset = word(header + 0x18, header + 0x10);
        long bytes = word(header + 0x20, header + 0x14);
        ElfFileReader.checkInFile("section", offset, bytes, elf.limit());
        return new Extent(offset, bytes);
    }

    private void read(Extent table, Extent names) {
        int bytes = wide ? 24 : 16;
        for (long at = table.offset; at + bytes <= table.offset + table.bytes; at += bytes) {
            int symbol = (int) at;
            String name = name(names, Integer.toUnsignedLong(elf.getInt(symbol)));
            if (!name.isEmpty()) {
                int section = half(symbol + 6, symbol + 14);
                (section == ABSOLUTE ? constants : addresses).put(name, word(symbol + 8, symbol + 4));
            }
        }
    }

    private String name(Extent names, long start) {
        long end = start;
        while (end < names.bytes && elf.get((int) (names.offset + end)) != 0) {
            end++;
        }
        if (end <= start) {
            return "";
        }
        characters += end - start;
        if (characters > (long) LONGEST_NAMES * elf.limit()) {
            throw ElfFileReader.malformed("the names of its symbols do not end");
        }
        return new String(elf.array(), (int) (names.offset + start), (int) (end - start), StandardCharsets.UTF_8);
    }
}
