package dev.interject.guest.image;

import java.util.Locale;

/** The formats of images that can be booted. */
public enum ImageFormat {
    /** Bytes that are loaded as they are. */
    FLAT("a flat binary"),
    /** A static ELF file without a boot protocol. */
    ELF("an ELF file"),
    /** Multiboot 1. */
    MULTIBOOT("a Multiboot image"),
    /** Multiboot 2. */
    MULTIBOOT2("a Multiboot 2 image"),
    /** An ELF file with the note of the PVH protocol. */
    PVH("a PVH image"),
    /** A bzImage. */
    LINUX("a Linux bzImage");

    private final String what;

    ImageFormat(String what) {
        this.what = what;
    }

    /** What it is, for messages. */
    String what() {
        return what;
    }

    /** Its name on the command line and in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return label();
    }
}
