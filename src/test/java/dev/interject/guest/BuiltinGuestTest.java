package dev.interject.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.BootState;
import dev.interject.guest.boot.Part;
import dev.interject.guest.boot.UnbootableImageException;
import dev.interject.guest.image.GuestImage;
import dev.interject.kvm.GuestMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltinGuestTest {

    /** The first address that guest/guest.ld gives to a guest; real mode reaches 64 KiB. */
    private static final long FIRST_FREE = MemoryMap.APIC_PAGE_DIRECTORY + 0x1000;
    private static final long REAL_MODE_END = 0x10000;

    @Test
    void guestsAndSourceFiles_correspond() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("guest"))) {
            List<String> sources = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".S"))
                    .map(name -> name.substring(0, name.length() - 2))
                    .toList();

            List<String> guests = new ArrayList<>(List.of(BenchGuest.CLOSED));
            Arrays.stream(BuiltinGuest.values()).map(BuiltinGuest::label).forEach(guests::add);
            Arrays.stream(ProbeGuest.values()).map(ProbeGuest::label).forEach(guests::add);
            Arrays.stream(BenchGuest.values())
                    .flatMap(guest -> Stream.of(guest.busy(), guest.quiet()))
                    .forEach(guests::add);
            assertThat(guests).containsExactlyInAnyOrderElementsOf(sources);
        }
    }

    @ParameterizedTest
    @EnumSource
    void image_isInRamAndNotOnTheHostsPages(BuiltinGuest guest) {
        GuestImage image = guest.image();

        assertThat(image.parts()).isNotEmpty()
                .allSatisfy(part -> assertThat(part.address()).isGreaterThanOrEqualTo(FIRST_FREE))
                .allSatisfy(part -> assertThat(part.address() + part.content().length)
                        .isLessThanOrEqualTo(MemoryMap.RAM_BYTES));
    }

    @ParameterizedTest
    @EnumSource
    void stack_isInRamAfterTheImage(BuiltinGuest guest) {
        long top = guest.image().symbols().value("stack_top").orElseThrow();

        assertThat(top).isGreaterThan(FIRST_FREE).isLessThanOrEqualTo(MemoryMap.RAM_BYTES);
        assertThat(top % 16).isZero();
    }

    @Test
    void realModeGuest_fitsIntoOneSegment() {
        assertThat(BuiltinGuest.REAL.bootMode()).isEqualTo(BootMode.REAL);
        assertThat(BuiltinGuest.REAL.image().symbols().value("stack_top").orElseThrow()).isLessThan(REAL_MODE_END);
    }

    @ParameterizedTest
    @EnumSource
    void entry_isItsStartSymbolInsideTheImage(BuiltinGuest guest) {
        GuestImage image = guest.image();

        assertThat(image.symbols().describe(image.entry())).isEqualTo("_start");
        assertThat(image.parts()).anySatisfy(part -> assertThat(image.entry()).isBetween(part.address(),
                part.address() + part.content().length - 1));
    }

    @ParameterizedTest
    @EnumSource
    void loaded_isInMemoryAsInTheFile(BuiltinGuest guest) {
        GuestImage image = guest.image();
        try (GuestMemory memory = GuestMemory.ofBytes(MemoryMap.RAM_BYTES)) {
            new BuiltinBoot(image, BootMode.LONG).bootState().loadInto(memory);

            assertThat(image.parts()).allSatisfy(part -> assertThat(memory.read(part.address(), part.content().length))
                    .isEqualTo(part.content()));
            assertThat(memory.read(image.entry(), 16)).isNotEqualTo(new byte[16]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void description_isOneLine(BuiltinGuest guest) {
        assertThat(guest.what()).isNotBlank().doesNotContain("\n");
        assertThat(guest.shows()).isNotBlank().doesNotContain("\n");
    }

    @ParameterizedTest
    @EnumSource
    void label_isAsOptionsSpellIt(BuiltinGuest guest) {
        assertThat(guest).hasToString(guest.label());
        assertThat(guest.label()).matches("[a-z0-9-]+");
    }

    @Test
    void imageThatIsTooLarge_isRefusedByTheMemory() {
        List<Part> parts = List.of(new Part(0xff0, new byte[0x11]));

        assertThatThrownBy(() -> new BootState(0x1000, parts, BuiltinBoot.start(BootMode.REAL, 0, new ArrayList<>())))
                .isInstanceOf(UnbootableImageException.class)
                .hasMessageContaining("ends at 0x1001, beyond the guest's memory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\177ELF",
        "not an ELF file, but long enough to have been taken for its header, or more"})
    void fileThatIsNoElf_isRefused(String content) {
        byte[] file = content.getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> GuestImage.ofElf(file)).isInstanceOf(IllegalArgumentException.class);
    }
}
