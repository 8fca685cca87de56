package dev.interject.guest.image;

import java.util.List;
import java.util.OptionalLong;

import dev.interject.guest.boot.Part;

/**
 * What an ELF file holds for a loader.
 *
 * @param wide     whether it is a 64-bit file
 * @param entry    the physical address of its entry
 * @param pvhEntry the physical address in its PVH note
 * @param parts    its loadable segments, at their physical addresses
 */
record ElfContent(boolean wide, long entry, OptionalLong pvhEntry, List<Part> parts, Symbols symbols) {}
