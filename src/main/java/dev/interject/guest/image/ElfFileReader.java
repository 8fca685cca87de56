package dev.interject.guest.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import dev.interject.guest.boot.LittleEndian;
import dev.interject.guest.boot.Part;
import dev.interject.guest.boot.UnbootableImageException;
import net.fornwall.jelf.ElfFile;
import net.fornwall.jelf.ElfSegment;

/** Reads {@link ElfContent} from an ELF file. The file is not trusted. */
final class ElfFileReader {

    private static final int MAGIC = 0x464c457f;

    /** Far more than linkers make. */
    private static final int MOST_SEGMENTS = 64;
    /** {@code XEN_ELFNOTE_PHYS32_ENTRY}: the entry of the PVH protocol. */
    private static final int PVH_NOTE = 18;
    private static final byte[] PVH_NOTE_OWNER = "Xen\0".getBytes(StandardCharsets.US_ASCII);
    private static final int NOTE_HEADER_BYTES = 12;

    private ElfFileReader() {}

    /** Whether the file begins as an ELF file does. */
    static boolean accepts(byte[] file) {
        return file.length >= Integer.BYTES && LittleEndian.of(file).getInt(0) == MAGIC;
    }

    /** @throws UnbootableImageException if the file cannot be read as ELF, or is none that can be loaded */
    static ElfContent read(byte[] file) {
        try {
            return content(ElfFile.from(file), file);
        } catch (UnbootableImageException refused) {
            throw refused;
        } catch (RuntimeException other) { // jelf throws various ones
            throw malformed(String.valueOf(other.getMessage()));
        }
    }

    private static ElfContent content(ElfFile elf, byte[] file) {
        checkKind(elf);
        long mask = elf.is32Bits() ? 0xffffffffL : -1;
        List<Part> parts = new ArrayList<>();
        long end = 0;
        List<ElfSegment> segments = elf.segmentsOfType(ElfSegment.PT_LOAD);
        if (segments.size() > MOST_SEGMENTS) {
            throw new UnbootableImageException("the ELF file has %,d segments to load".formatted(segments.size()),
                    "link it to at most %d".formatted(MOST_SEGMENTS));
        }
        for (ElfSegment segment : segments) {
            checkInFile("segment", segment.p_offset, segment.p_filesz, file.length);
            Part part = new Part("segment %d".formatted(parts.size() + 1), segment.p_paddr & mask, segment.getData(),
                    segment.p_memsz);
            parts.add(part);
            long first = segment.p_vaddr & mask;
            end = Math.max(end, Math.max(part.end(), first + part.bytes()));
        }
        if (parts.isEmpty()) {
            throw new UnbootableImageException("the ELF file has nothing to load", "link it to an executable");
        }
        return new ElfContent(!elf.is32Bits(), entry(elf.e_entry & mask, mask, segments, parts), pvhEntry(elf, file),
                parts, ElfSymbols.read(file, end));
    }

    /** An entry is a virtual address of a segment, or, as that of Linux's {@code vmlinux}, a physical one. */
    private static long entry(long entry, long mask, List<ElfSegment> segments, List<Part> parts) {
        for (int i = 0; i < parts.size(); i++) {
            long offset = entry - (segments.get(i).p_vaddr & mask);
            if (Long.compareUnsigned(offset, parts.get(i).bytes()) < 0) {
                return parts.get(i).address() + offset;
            }
        }
        if (parts.stream().noneMatch(part -> part.address() <= entry && entry < part.end())) {
            throw new UnbootableImageException("the entry at 0x%x lies outside the image's segments".formatted(entry),
                    "name the entry in the linker script: ENTRY(symbol)");
        }
        return entry;
    }

    private static void checkKind(ElfFile elf) {
        boolean x86 = elf.e_machine == ElfFile.ARCH_X86_64 || elf.e_machine == ElfFile.ARCH_i386;
        if (!x86 || elf.ei_data != ElfFile.DATA_LSB) {
            throw new UnbootableImageException(
                    "the ELF file is not for x86 (machine %d)".formatted(Short.toUnsignedInt(elf.e_machine)),
                    "build it for x86-64 or i386");
        }
        if (elf.e_type != ElfFile.ET_EXEC || !elf.segmentsOfType(ElfSegment.PT_INTERP).isEmpty()) {
            throw new UnbootableImageException("the ELF file is not a static executable",
                    "link it with -static -no-pie -nostdlib");
        }
    }

    static void checkInFile(String what, long offset, long size, long fileBytes) {
        if (offset < 0 || size < 0 || offset > fileBytes - size) {
            throw malformed("a %s lies outside the file".formatted(what));
        }
    }

    static UnbootableImageException malformed(String how) {
        return new UnbootableImageException("not a well-formed ELF file: " + how,
                "build the image again: this file is damaged");
    }

    private static OptionalLong pvhEntry(ElfFile elf, byte[] file) {
        for (ElfSegment segment : elf.segmentsOfType(ElfSegment.PT_NOTE)) {
            checkInFile("note", segment.p_offset, segment.p_filesz, file.length);
            OptionalLong entry = pvhEntry(
                    LittleEndian.of(file)
                            .slice((int) segment.p_offset, (int) segment.p_filesz)
                            .order(ByteOrder.LITTLE_ENDIAN));
            if (entry.isPresent()) {
                return entry;
            }
        }
        return OptionalLong.empty();
    }

    /** Each note has the sizes of owner and description, a type, and both, each padded to 4 bytes. */
    private static OptionalLong pvhEntry(ByteBuffer notes) {
        while (notes.remaining() >= NOTE_HEADER_BYTES) {
            long ownerBytes = Integer.toUnsignedLong(notes.getInt());
            long bytes = Integer.toUnsignedLong(notes.getInt());
            int type = notes.getInt();
            long description = notes.position() + padded(ownerBytes);
            if (description + bytes > notes.limit()) {
                return OptionalLong.empty();
            }
            if (type == PVH_NOTE && ownerBytes == PVH_NOTE_OWNER.length && bytes >= Integer.BYTES
                    && notes.slice(notes.position(), PVH_NOTE_OWNER.length).equals(ByteBuffer.wrap(PVH_NOTE_OWNER))) {
                return OptionalLong.of(Integer.toUnsignedLong(notes.getInt((int) description)));
            }
            notes.position((int) Math.min(description + padded(bytes), notes.limit()));
        }
        return OptionalLong.empty();
    }

    private static long padded(long bytes) {
        return bytes + 3 & -4;
    }
}
