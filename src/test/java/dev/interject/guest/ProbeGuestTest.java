package dev.interject.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.guest.image.GuestImage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProbeGuestTest {

    @ParameterizedTest
    @EnumSource
    void image_startsInRamOffTheHostsPages(ProbeGuest guest) {
        GuestImage image = guest.image();

        assertThat(image.symbols().describe(image.entry())).isEqualTo("_start");
        assertThat(image.entry()).isBetween(MemoryMap.APIC_PAGE_DIRECTORY + 0x1000, MemoryMap.RAM_BYTES);
    }

    @ParameterizedTest
    @EnumSource
    void probeGuest_hasNoNameForUsers(ProbeGuest guest) {
        assertThat(BuiltinGuest.values()).extracting(BuiltinGuest::label).doesNotContain(guest.label());
    }
}
