package dev.interject.guest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import net.fornwall.jelf.ElfFile;
import net.fornwall.jelf.ElfSegment;
import net.fornwall.jelf.ElfSymbol;
import net.fornwall.jelf.ElfSymbolTableSection;

/** Turns an ELF file into a {@link GuestImage}. */
final class ElfReader {

    /** {@code SHN_ABS}: the symbol is a number, not an address. */
    private static final short ABSOLUTE = (short) 0xfff1;

    private ElfReader() {}

    static GuestImage read(byte[] file) {
        ElfFile elf = ElfFile.from(file);
        List<GuestImage.Part> parts = new ArrayList<>();
        long end = 0;
        for (ElfSegment segment : elf.segmentsOfType(ElfSegment.PT_LOAD)) {
            parts.add(new GuestImage.Part(segment.p_paddr, segment.getData()));
            end = Math.max(end, segment.p_paddr + segment.p_memsz);
        }
        return new GuestImage(elf.e_entry, parts, symbols(elf, end));
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
