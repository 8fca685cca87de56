package dev.interject.guest.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymbolsTest {

    private final Symbols symbols =
            new Symbols(Map.of("_start", 0x8000L, "handler", 0x9000L), Map.of("MAILBOX", 0x1000L), 0xa000);

    @ParameterizedTest
    @CsvSource({
        "0x8000, _start",
        "0x8001, _start+0x1",
        "0x8fff, _start+0xfff",
        "0x9000, handler",
        "0x9012, handler+0x12",
        "0x9fff, handler+0xfff"
    })
    void addressInside_isTheSymbolBeforeItAndAnOffset(String address, String described) {
        assertThat(symbols.describe(Long.decode(address))).isEqualTo(described);
    }

    @ParameterizedTest
    @CsvSource({"0xa000", "0x7fff", "0", "0x1000", "0x7fffffffffffffff", "-1"})
    void addressOutside_isNotDescribed(String address) {
        assertThat(symbols.describe(Long.decode(address))).isEmpty();
    }

    @Test
    void values_areThoseOfPlacesAndNumbers() {
        assertThat(symbols.value("handler")).hasValue(0x9000);
        assertThat(symbols.value("MAILBOX")).hasValue(0x1000);
        assertThat(symbols.value("nothing")).isEmpty();
    }
}
