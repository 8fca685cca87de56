package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuestMemoryTest {

    private static final int BYTES = 0x2000;

    private final GuestMemory memory = GuestMemory.ofBytes(BYTES);

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void fresh_isZero() {
        assertThat(memory.bytes()).isEqualTo(BYTES);
        assertThat(memory.read(0, BYTES)).containsOnly(0);
    }

    @Test
    void written_isReadBackLittleEndianAtAnyAddress() {
        memory.writeLong(3, 0x1122334455667788L);

        assertThat(memory.readLong(3)).isEqualTo(0x1122334455667788L);
        assertThat(memory.readInt(7)).isEqualTo(0x11223344);
        assertThat(memory.read(3, 2)).containsExactly(0x88, 0x77);
        assertThat(memory.readCounter(4)).isEqualTo(0x44556677);
    }

    @Test
    void lastByte_isInside() {
        memory.write(BYTES - 1, new byte[]{0x7f});

        assertThat(memory.read(BYTES - 1, 1)).containsExactly(0x7f);
        assertThat(memory.read(BYTES, 0)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 0x2000", "0x1fff, 1", "0x2000, 0", "0x1000, 0x1000"})
    void rangeInside_isContained(String address, String length) {
        assertThat(memory.contains(Long.decode(address), Long.decode(length))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0,                   0x2001",
        "0x2000,              1",
        "0x2001,              0",
        "-1,                  1",
        "-1,                  2",
        "1,                   -1",
        "0,                   -1",
        "0x7fffffffffffffff,  0x7fffffffffffffff",
        "0x7fffffffffffffff,  1",
        "1,                   0x7fffffffffffffff",
        "-0x8000000000000000, -0x8000000000000000",
        "0,                   -0x8000000000000000",
        "-0x8000000000000000, 0",
        "0x100000000,         1"
    })
    void anyOtherRange_isNotContained(String address, String length) {
        assertThat(memory.contains(Long.decode(address), Long.decode(length))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, BYTES - 3, BYTES, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE})
    void accessOutside_isRefused(long address) {
        assertThat(accesses(address)).allSatisfy(
                access -> assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(access.getPayload()));
        assertThat(memory.read(0, BYTES)).containsOnly(0);
    }

    private Stream<Named<ThrowingCallable>> accesses(long address) {
        return Stream.of(
                Named.of("write", () -> memory.write(address, new byte[]{1, 2, 3, 4})),
                Named.of("writeLong", () -> memory.writeLong(address, -1)),
                Named.of("read", () -> memory.read(address, 4)),
                Named.of("readInt", () -> memory.readInt(address)),
                Named.of("readLong", () -> memory.readLong(address)));
    }

    @ParameterizedTest
    @ValueSource(longs = {-4, BYTES, 1L << 32})
    void counterOutside_isRefused(long address) {
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> memory.readCounter(address));
    }

    @ParameterizedTest
    @MethodSource("reads")
    void accessAfterClose_throwsInsteadOfCrashing(Access access) {
        memory.close();

        assertThatIllegalStateException().isThrownBy(() -> access.accept(memory));
    }

    static Stream<Named<Access>> reads() {
        return Stream.of(
                Named.of("read", closed -> closed.read(0, 1)),
                Named.of("readInt", closed -> closed.readInt(0)),
                Named.of("readCounter", closed -> closed.readCounter(0)),
                Named.of("write", closed -> closed.write(0, new byte[1])));
    }

    /** An access under test. */
    interface Access {
        void accept(GuestMemory memory);
    }

    @Test
    void closedTwice_isHarmless() {
        memory.close();
        memory.close();

        assertThatIllegalStateException().isThrownBy(() -> memory.readInt(0));
    }
}
