package dev.interject.guest.boot;

import java.util.OptionalLong;

/** A guest that can be booted: an image, and how it gets into a guest's memory. */
public interface Bootable {

    /** The size of its RAM. */
    long memoryBytes();

    /**
     * What is in memory, and the state of the boot vCPU, before the first instruction.
     *
     * @throws UnbootableImageException if the image does not fit
     */
    BootState bootState();

    /** The value of a symbol of the image; empty if it has none of that name. */
    OptionalLong addressOf(String symbol);

    /** An address as a symbol of the image and an offset; empty outside it. */
    String symbolAt(long address);
}
