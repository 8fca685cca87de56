package dev.interject.guest.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.interject.guest.ForeignGuest;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.BootRequest;
import dev.interject.guest.boot.BootState;
import dev.interject.guest.boot.Part;
import dev.interject.guest.boot.UnbootableImageException;
import dev.interject.guest.firmware.Firmware;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged images of every format: each boots within its memory, or is refused by the documented exception. */
class MutatedImagesTest {

    private static final int MUTATIONS = 10_000;
    private static final long MEMORY = 8 << 20;
    private static final int HEADERS = 1024;
    private static final int[] ODD = {0, 1, 0x7f, 0x80, 0xfe, 0xff};

    static Stream<String> images() {
        return Stream.concat(Images.TELLING.stream(), Stream.of("interrupts"));
    }

    private static byte[] mutated(byte[] image, SplittableRandom random) {
        byte[] changed = image.clone();
        int range = random.nextInt(3) == 0 ? changed.length : Math.min(HEADERS, changed.length);
        for (int changes = 1 + random.nextInt(5); changes > 0; changes--) {
            int at = random.nextInt(range);
            int length = Math.min(1 << random.nextInt(4), changed.length - at);
            int odd = random.nextBoolean() ? ODD[random.nextInt(ODD.length)] : random.nextInt();
            Arrays.fill(changed, at, at + length, (byte) odd);
        }
        return random.nextInt(5) == 0 ? Arrays.copyOf(changed, random.nextInt(changed.length)) : changed;
    }

    private static ImageOptions options(SplittableRandom random) {
        return new ImageOptions(
                random.nextInt(4) == 0
                        ? Optional.of(ImageFormat.values()[random.nextInt(ImageFormat.values().length)])
                        : Optional.empty(),
                random.nextInt(8) == 0 ? Optional.of(BootMode.values()[random.nextInt(3)]) : Optional.empty(),
                random.nextInt(8) == 0 ? OptionalLong.of(random.nextLong() >>> 1 + random.nextInt(60))
                        : OptionalLong.empty(),
                OptionalLong.empty());
    }

    /** Whether it can be booted; any exception but the documented one fails the test. */
    private static boolean boots(byte[] image, ImageOptions options, BootRequest request) {
        try {
            BootState boot = new ForeignGuest(GuestImage.of(image, options), MEMORY, request,
                    new Firmware(2, true, true)).bootState();
            assertThat(boot.parts()).allSatisfy(MutatedImagesTest::assertInMemory);
            return true;
        } catch (UnbootableImageException refused) {
            assertThat(refused.getMessage()).isNotBlank().doesNotContain("\n");
            assertThat(refused.fix()).isNotBlank().doesNotContain("\n");
            return false;
        }
    }

    private static void assertInMemory(Part part) {
        assertThat(part.address()).isNotNegative();
        assertThat(part.end()).isLessThanOrEqualTo(MEMORY);
        assertThat(part.content().length).isLessThanOrEqualTo((int) MEMORY);
    }

    @ParameterizedTest
    @MethodSource("images")
    void mutatedImage_bootsWithinItsMemoryOrIsRefused(String name) {
        byte[] image = Images.content(name);
        SplittableRandom random = new SplittableRandom(name.hashCode());
        List<BootRequest> requests = List.of(
                new BootRequest("image", "", Optional.empty(), OptionalLong.empty()),
                new BootRequest("image", "a=b c", Optional.of(new byte[5000]), OptionalLong.empty()));
        int booted = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            booted += boots(mutated(image, random), options(random), requests.get(i % 2)) ? 1 : 0;
        }

        assertThat(booted).isBetween(1, MUTATIONS - 1);
    }
}
