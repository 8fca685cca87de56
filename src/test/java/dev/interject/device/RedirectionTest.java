package dev.interject.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectionTest {

    @Test
    void eachField_isReadFromItsOwnBits() {
        Redirection entry = new Redirection(0xa5000000_0000075aL);

        assertThat(entry.vector()).isEqualTo(0x5a);
        assertThat(entry.deliveryMode()).isEqualTo(7);
        assertThat(entry.destination()).isEqualTo(0xa5);
        assertThat(flags(0xffffffff_fffe07ffL)).isEqualTo("------");
        assertThat(flags(1 << 11)).isEqualTo("G-----");
        assertThat(flags(1 << 12)).isEqualTo("-D----");
        assertThat(flags(1 << 13)).isEqualTo("--P---");
        assertThat(flags(1 << 14)).isEqualTo("---R--");
        assertThat(flags(1 << 15)).isEqualTo("----L-");
        assertThat(flags(1 << 16)).isEqualTo("-----M");
    }

    private static String flags(long bits) {
        Redirection entry = new Redirection(bits);
        return (entry.isLogical() ? "G" : "-") + (entry.deliveryPending() ? "D" : "-")
                + (entry.isActiveLow() ? "P" : "-") + (entry.remoteIrr() ? "R" : "-") + (entry.isLevel() ? "L" : "-")
                + (entry.isMasked() ? "M" : "-");
    }

    @ParameterizedTest
    @CsvSource({"fixed, 000000000000004a, fee00000, 004a", "destination, a50000000000004a, feea5000, 004a",
        "logical, 020000000000084a, fee02004, 004a", "lowest priority, 030000000000094a, fee0300c, 014a",
        "level, 000000000000804a, fee00000, c04a", "NMI, 0000000000000400, fee00000, 0400",
        "INIT as level, 0000000000008500, fee00000, c500", "ExtINT, ff00000000000700, feeff000, 0700",
        "no part of a message, 000000000001704a, fee00000, 004a"})
    void msi_isTheSameInterrupt(String what, String bits, String address, String data) {
        Redirection entry = new Redirection(Long.parseUnsignedLong(bits, 16));

        assertThat("%08x".formatted(entry.messageAddress())).as(what).isEqualTo(address);
        assertThat("%04x".formatted(entry.messageData())).as(what).isEqualTo(data);
    }
}
