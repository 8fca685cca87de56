/**
 * Reads guest images of every format: flat binaries, ELF, Multiboot 1 and 2, PVH and Linux. No image is trusted: what
 * is malformed ends in an {@link dev.interject.guest.boot.UnbootableImageException}, and no more is allocated than the
 * file holds.
 */
package dev.interject.guest.image;
