package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.QueuedException;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.VcpuEvents;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Records check their values when they are created. */
class StateRecordsTest {

    private static final LapicRegisters LAPIC = new LapicRegisters(new byte[1024]);

    private static Arguments refused(String message, ThrowingCallable creation) {
        return arguments(message, creation);
    }

    private static Segment segment(int selector, int type, int dpl) {
        return new Segment(0, 0, selector, type, true, dpl, false, true, false, true, false);
    }

    static Stream<Arguments> values() {
        return Stream.of(
                refused("the APIC ID must be 0 to 255, not 256", () -> MsiMessage.fixed(256, 0x41)),
                refused("the vector must be 0 to 255, not -1", () -> MsiMessage.fixed(0, -1)),
                refused("the GSI must be 0 to 4095, not 4096", () -> new GsiRoute.ToPin(4096, 0, 0)),
                refused("the chip must be 0 to 2, not 3", () -> new GsiRoute.ToPin(0, 3, 0)),
                refused("the pin must be 0 to 23, not 24", () -> new GsiRoute.ToPin(0, 2, 24)),
                refused("the GSI must be 0 to 4095, not -1",
                        () -> new GsiRoute.ToMessage(-1, MsiMessage.fixed(0, 0x41))),
                refused("the selector must be 0 to 65535, not 65536", () -> segment(0x10000, 0, 0)),
                refused("the segment type must be 0 to 15, not 16", () -> segment(0, 16, 0)),
                refused("the DPL must be 0 to 3, not 4", () -> segment(0, 0, 4)),
                refused("the limit must be 0 to 65535, not -1", () -> new DescriptorTable(0, -1)),
                refused("the interrupt's vector must be 0 to 255, not 256",
                        () -> VcpuEvents.NONE.withInterrupt(256)),
                refused("the exception's vector must be 0 to 31, not 32",
                        () -> new QueuedException(32, OptionalInt.empty())),
                refused("a LAPIC's register page has 1024 bytes, not 1", () -> new LapicRegisters(new byte[1])),
                refused("the vector must be 0 to 255, not 256", () -> LAPIC.isRequested(256)),
                refused("the vector must be 0 to 255, not 300", () -> LAPIC.withInService(Set.of(300))));
    }

    @ParameterizedTest
    @MethodSource("values")
    void valueOutOfRange_isNamed(String message, ThrowingCallable creation) {
        assertThatIllegalArgumentException().isThrownBy(creation).withMessage(message);
    }
}
