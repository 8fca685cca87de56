package dev.interject.interrupt.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.interject.device.PortBus;
import dev.interject.trace.Recorder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PicControllerTest {

    private static final int PULSES = 30_000;
    private static final int MASTER = 0x20;
    private static final int SLAVE = 0xa0;
    private static final int NON_SPECIFIC_EOI = 0x20;

    private final PicController pic = new PicController(Recorder.off());
    private final PortBus bus = new PortBus();

    @BeforeEach
    void initialize() {
        pic.attachTo(bus);
        initialize(MASTER, 0x20, 0x04);
        initialize(SLAVE, 0x28, 0x02);
    }

    private void initialize(int command, int base, int cascade) {
        bus.write(command, 1, 0x11);
        bus.write(command + 1, 1, base);
        bus.write(command + 1, 1, cascade);
        bus.write(command + 1, 1, 0x01);
        bus.write(command + 1, 1, 0x00);
    }

    @Test
    void attached_answersAtAllSixPorts() {
        bus.write(MASTER + 1, 1, 0xa5);
        bus.write(SLAVE + 1, 1, 0x5a);
        bus.write(0x4d0, 1, 0x08);
        bus.write(0x4d1, 1, 0x04);

        assertThat(bus.read(MASTER + 1, 1)).isEqualTo(0xa5);
        assertThat(bus.read(SLAVE + 1, 1)).isEqualTo(0x5a);
        assertThat(bus.read(0x4d0, 1)).isEqualTo(0x08);
        assertThat(bus.read(0x4d1, 1)).isEqualTo(0x04);
        assertThat(bus.droppedWrites()).isZero();
        assertThat(pic.masterState().imr()).isEqualTo(0xa5);
        assertThat(pic.slaveState().imr()).isEqualTo(0x5a);
    }

    @Test
    void pulse_isPendingUntilAcknowledgedAndLeavesTheLineLow() {
        assertThat(pic.isPending()).isFalse();

        assertThat(pic.pulse(10)).isEqualTo(1);

        assertThat(pic.isPending()).isTrue();
        assertThat(pic.slaveState().lastIrr()).isZero();
        assertThat(pic.acknowledge()).isEqualTo(0x2a);
        assertThat(pic.isPending()).isFalse();
    }

    @Test
    void secondPulseBeforeTheAcknowledge_coalesces() {
        pic.pulse(10);

        assertThat(pic.pulse(10)).isZero();
    }

    @Test
    void linesAndAcknowledgesOnDifferentThreads_loseNoAcceptedPulse() throws Exception {
        int[] taken = new int[256];
        try (ExecutorService lines = Executors.newFixedThreadPool(2)) {
            Future<Integer> ofMaster = lines.submit(pulses(3));
            Future<Integer> ofSlave = lines.submit(pulses(10));

            while (!ofMaster.isDone() || !ofSlave.isDone() || pic.isPending()) {
                taken[serveOne()]++;
            }

            assertThat(taken[0x23]).isEqualTo(ofMaster.get()).isEqualTo(PULSES);
            assertThat(taken[0x2a]).isEqualTo(ofSlave.get()).isEqualTo(PULSES);
            // and none that was not requested, such as a spurious one
            assertThat(Arrays.stream(taken).skip(1).sum()).isEqualTo(2 * PULSES);
        }
    }

    /** Pulses a line until this many pulses did not coalesce. */
    private Callable<Integer> pulses(int line) {
        return () -> {
            int accepted = 0;
            while (accepted < PULSES && !Thread.interrupted()) {
                int status = pic.pulse(line);
                accepted += status;
                if (status == 0) {
                    Thread.yield();
                }
            }
            return accepted;
        };
    }

    /** What a guest's handler does; 0 if nothing was pending. */
    private int serveOne() {
        if (!pic.isPending()) {
            return 0;
        }
        int vector = pic.acknowledge();
        if (vector >= 0x28) {
            bus.write(SLAVE, 1, NON_SPECIFIC_EOI);
        }
        bus.write(MASTER, 1, NON_SPECIFIC_EOI);
        return vector;
    }
}
