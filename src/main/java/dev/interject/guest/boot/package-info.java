/**
 * How a guest is booted: what is in its memory at the start, the state of its CPU at the first instruction, and what
 * the boot protocols (Multiboot, PVH, Linux) pass to it. Pure computations: nothing here writes guest memory.
 *
 * <p>It must not read files or know the formats of images.
 */
package dev.interject.guest.boot;
