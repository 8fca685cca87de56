package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.events;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static dev.interject.interrupt.gate.PicSample.pic;
import static dev.interject.interrupt.gate.PicSample.requesting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.GuestState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuestStateTest {

    @ParameterizedTest
    @CsvSource({"0, 0x20", "7, 0x27", "8, 0x28", "15, 0x2f"})
    void vector_isTheChipsBasePlusItsOwnNumber(int line, String vector) {
        assertThat(open().state().controllers().vectorOf(line)).isEqualTo(Integer.decode(vector));
    }

    @ParameterizedTest
    @CsvSource({"3, true", "10, true", "2, false", "11, false"})
    void latchedRequest_isPendingOnItsChip(int line, boolean pending) {
        GuestState state = open().master(requesting(0x20, 1 << 3)).slave(requesting(0x28, 1 << 2)).state();

        assertThat(state.controllers().isPending(line)).isEqualTo(pending);
    }

    @ParameterizedTest
    @CsvSource({"3, true", "10, true", "2, false", "11, false"})
    void acknowledgedRequest_isInServiceOnItsChip(int line, boolean inService) {
        GuestState state = open().master(pic(0x20, 0, 1 << 3)).slave(pic(0x28, 0, 1 << 2)).state();

        assertThat(state.controllers().isInService(line)).isEqualTo(inService);
        assertThat(state.controllers().isPending(line)).isFalse();
    }

    @Test
    void stateWithoutAnObstacle_isOpen() {
        assertThat(open().state().isOpen()).isTrue();
    }

    @Test
    void stateWithAnObstacle_isNotOpen() {
        assertThat(open().closed().state().isOpen()).isFalse();
        assertThat(open().on(Irqchip.USERSPACE).notReady().state().isOpen()).isFalse();
        assertThat(open().with(events(true, false, false)).state().isOpen()).isFalse();
        assertThat(open().with(events(false, true, false)).state().isOpen()).isFalse();
        assertThat(open().with(events(false, false, true)).state().isOpen()).isFalse();
    }
}
