package dev.interject.guest.boot;

/** What a boot loader passes to an image, and where it starts it. */
public sealed interface BootProtocol
        permits DirectBoot, MultibootBoot, Multiboot2Boot, PvhBoot, LinuxBoot, LinuxRealBoot {

    /** Guest-physical address of the first instruction. */
    long entry();

    /**
     * Places what the protocol passes beside the image, and returns the state of the boot vCPU.
     *
     * @throws UnbootableImageException if it does not fit
     */
    StartState start(BootMemory memory, BootRequest request);
}
