package dev.interject.experiment.boot;

import dev.interject.Hang;
import dev.interject.guest.image.GuestImage;
import dev.interject.guest.image.Images;

/** PCs with test images. */
final class Pcs {

    private Pcs() {}

    static PcBuilder with(String image) {
        return BootedPc.builder(GuestImage.of(Images.file(image))).memory(8 << 20);
    }

    static void awaitPrompt(BootedPc pc) throws Exception {
        pc.console().await("> ", Hang.AFTER);
    }

    static BootEnd end(BootedPc pc) throws InterruptedException {
        return pc.awaitEnd(Hang.AFTER).orElseThrow();
    }
}
