package dev.interject.guest.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElfFileReaderTest {

    private static final int MUTATIONS = 20_000;
    private static final int HEADER_BYTES = 64;

    /** Whether the file can be read; any exception but the documented one fails the test. */
    private static boolean isReadable(byte[] file) {
        try {
            return GuestImage.ofElf(file).parts() != null;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    private static byte[] mutated(byte[] file, SplittableRandom random) {
        byte[] changed = file.clone();
        int headers = random.nextBoolean() ? HEADER_BYTES : changed.length;
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            changed[random.nextInt(headers)] = (byte) random.nextInt();
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(changed, random.nextInt(changed.length)) : changed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"pic", "real"})
    void mutatedFile_isReadOrRefusedByTheDocumentedException(String guest) {
        byte[] file = GuestImage.fileOf(guest);
        SplittableRandom random = new SplittableRandom(1);
        int readable = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            readable += isReadable(mutated(file, random)) ? 1 : 0;
        }

        assertThat(readable).isBetween(1, MUTATIONS - 1);
    }

    @Test
    void sectionThatClaimsMoreThanTheFile_isRefusedBeforeItIsAllocated() {
        byte[] file = GuestImage.fileOf("pic");
        Arrays.fill(file, 0x28, 0x2c, (byte) 0xff); // e_shoff

        assertThatIllegalArgumentException().isThrownBy(() -> GuestImage.ofElf(file))
                .withMessage("not a well-formed ELF file: a section header table lies outside the file");
    }

    @Test
    void emptyFile_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> GuestImage.ofElf(new byte[0]));
    }
}
