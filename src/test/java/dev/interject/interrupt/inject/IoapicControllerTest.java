package dev.interject.interrupt.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.interject.device.IoapicOutput;
import dev.interject.device.MmioBus;
import dev.interject.device.Redirection;
import dev.interject.trace.Recorder;
import org.junit.jupiter.api.Test;

class IoapicControllerTest {

    private static final long ADDRESS = 0xfec00000L;
    private static final int PULSES = 30_000;
    private static final int LEVEL = 1 << 15;

    private final List<Integer> vectors = new ArrayList<>();
    private final IoapicController ioapic = new IoapicController(new IoapicOutput() {
        @Override
        public int deliver(int pin, Redirection entry) {
            vectors.add(entry.vector());
            return 1;
        }

        @Override
        public void entryChanged(int pin, Redirection entry) {
            // no routes can change
        }
    }, Recorder.off());
    private final MmioBus bus = new MmioBus();

    private void program(int pin, int value) {
        bus.write(ADDRESS, 4, 0x10 + 2L * pin);
        bus.write(ADDRESS + 0x10, 4, value);
    }

    @Test
    void attached_answersAtItsAddress() {
        ioapic.attachTo(bus, ADDRESS);

        program(10, 0x4a);

        assertThat(bus.read(ADDRESS + 0x10, 4)).isEqualTo(0x4a);
        assertThat(bus.read(ADDRESS + 0xfc, 4)).isZero();
        assertThat(bus.read(ADDRESS + 0x100, 4)).isEqualTo(0xffffffffL);
        assertThat(bus.droppedWrites()).isZero();
        assertThat(ioapic.state().entries().get(10)).isEqualTo(new Redirection(0x4a));
    }

    @Test
    void pulse_isDeliveredAndLeavesThePinLow() {
        ioapic.attachTo(bus, ADDRESS);
        program(10, 0x4a);

        assertThat(ioapic.pulse(10)).isEqualTo(1);
        assertThat(ioapic.pulse(10)).isEqualTo(1);

        assertThat(vectors).containsExactly(0x4a, 0x4a);
        assertThat(ioapic.state().irr()).isZero();
    }

    @Test
    void level_isDeliveredAgainAtItsEoiWhileItIsHigh() {
        ioapic.attachTo(bus, ADDRESS);
        program(10, 0x4a | LEVEL);

        assertThat(ioapic.setPin(10, true)).isEqualTo(1);
        ioapic.endOfInterrupt(0x4a);
        ioapic.setPin(10, false);
        ioapic.endOfInterrupt(0x4a);

        assertThat(vectors).containsExactly(0x4a, 0x4a);
        assertThat(ioapic.state().irr()).isZero();
    }

    @Test
    void pinsAndAGuestOnDifferentThreads_loseNoPulse() throws Exception {
        ioapic.attachTo(bus, ADDRESS);
        program(3, 0x33);
        program(10, 0x4a);
        program(11, 0x5b | LEVEL);
        try (ExecutorService pins = Executors.newFixedThreadPool(2)) {
            Future<Integer> third = pins.submit(pulses(3));
            Future<Integer> tenth = pins.submit(pulses(10));

            while (!third.isDone() || !tenth.isDone()) {
                ioapic.endOfInterrupt(0x5b);
                program(11, 0x5b | LEVEL);
            }

            assertThat(third.get()).isEqualTo(PULSES);
            assertThat(tenth.get()).isEqualTo(PULSES);
        }
        assertThat(vectors).hasSize(2 * PULSES).containsOnly(0x33, 0x4a);
    }

    /** Returns how many were accepted. */
    private Callable<Integer> pulses(int pin) {
        return () -> {
            int accepted = 0;
            for (int i = 0; i < PULSES; i++) {
                accepted += ioapic.pulse(pin);
            }
            return accepted;
        };
    }
}
