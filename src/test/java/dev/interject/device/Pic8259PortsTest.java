package dev.interject.device;

import static dev.interject.device.PicBench.MASTER;
import static dev.interject.device.PicBench.MASTER_DATA;
import static dev.interject.device.PicBench.MASTER_ELCR;
import static dev.interject.device.PicBench.READ_IRR;
import static dev.interject.device.PicBench.READ_ISR;
import static dev.interject.device.PicBench.SLAVE;
import static dev.interject.device.PicBench.SLAVE_DATA;
import static dev.interject.device.PicBench.SLAVE_ELCR;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.stream.IntStream;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Pic8259PortsTest {

    private static final int[] PORTS = {MASTER, MASTER_DATA, SLAVE, SLAVE_DATA, MASTER_ELCR, SLAVE_ELCR};
    private static final int[] WIDTHS = {1, 1, 1, 1, 1, 1, 2, 4};

    private final PicBench bench = PicBench.initialized();
    private final Pic8259Pair pair = bench.pair;

    @Test
    void commandPort_readsTheIrrByDefault() {
        bench.serve(4);
        bench.pulse(6);

        assertThat(bench.read(MASTER)).isEqualTo(0x40);
        bench.write(MASTER, READ_ISR);
        assertThat(bench.read(MASTER)).isEqualTo(0x10);
        assertThat(bench.read(MASTER)).isEqualTo(0x10);
        bench.write(MASTER, READ_IRR);
        assertThat(bench.read(MASTER)).isEqualTo(0x40);
    }

    @Test
    void risWithoutRr_doesNotSelect() {
        bench.write(MASTER, READ_ISR);
        bench.write(MASTER, 0x08);

        assertThat(pair.masterState().readRegSelect()).isTrue();
    }

    @Test
    void dataPort_isTheMaskOfItsChip() {
        bench.write(MASTER_DATA, 0x12);
        bench.write(SLAVE_DATA, 0x34);

        assertThat(bench.read(MASTER_DATA)).isEqualTo(0x12);
        assertThat(bench.read(SLAVE_DATA)).isEqualTo(0x34);
    }

    @Test
    void bitsAboveTheByte_areIgnored() {
        pair.write(MASTER_DATA, 1, 0xffffff12);

        assertThat(bench.read(MASTER_DATA)).isEqualTo(0x12);
        assertThat(pair.masterState().imr()).isEqualTo(0x12);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void wideRead_givesZero(int width) {
        bench.write(MASTER_DATA, 0xff);
        bench.write(MASTER_ELCR, 0xff);

        assertThat(IntStream.of(PORTS).map(port -> pair.read(port, width))).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void wideWrite_isIgnored(int width) {
        PicState master = pair.masterState();
        PicState slave = pair.slaveState();

        pair.write(MASTER, width, 0x1111);
        pair.write(MASTER_DATA, width, 0xffff);
        pair.write(SLAVE, width, 0x1111);
        pair.write(SLAVE_DATA, width, 0xffff);
        pair.write(MASTER_ELCR, width, 0xffff);
        pair.write(SLAVE_ELCR, width, 0xffff);

        assertThat(pair.masterState()).isEqualTo(master);
        assertThat(pair.slaveState()).isEqualTo(slave);
    }

    @Test
    void otherPort_readsAllOnesAndIgnoresWrites() {
        PicState master = pair.masterState();
        pair.write(0x60, 1, 0x11);

        assertThat(pair.read(0x60, 1)).isEqualTo(0xff);
        assertThat(pair.masterState()).isEqualTo(master);
    }

    @Test
    void attachedToABus_answersAtItsSixPortsOnly() {
        PortBus bus = new PortBus();
        pair.attachTo(bus);
        bus.write(MASTER_DATA, 1, 0x5a);
        bus.write(SLAVE_ELCR, 1, 0x04);

        assertThat(bus.read(MASTER_DATA, 1)).isEqualTo(0x5a);
        assertThat(bus.read(SLAVE_ELCR, 1)).isEqualTo(0x04);
        assertThat(bus.read(SLAVE, 1)).isZero();
        assertThat(IntStream.of(0x1f, 0x22, 0x9f, 0xa2, 0x4cf, 0x4d2).map(port -> bus.read(port, 1)))
                .containsOnly(0xff);
    }

    @Test
    void arbitraryAccesses_giveValidStatesBytesAndVectors() {
        Random random = new Random(8259);
        for (int i = 0; i < 300_000; i++) {
            pair.setLine(random.nextInt(16), random.nextBoolean());
            pair.write(PORTS[random.nextInt(PORTS.length)], WIDTHS[random.nextInt(WIDTHS.length)], random.nextInt());
            int read = pair.read(PORTS[random.nextInt(PORTS.length)], WIDTHS[random.nextInt(WIDTHS.length)]);
            int vector = pair.acknowledge();

            assertThat(read).isBetween(0, 0xff);
            assertThat(vector).isBetween(0, 0xff);
            assertThat(pair.masterState().elcr() & ~0xf8).isZero();
            assertThat(pair.slaveState().elcr() & ~0xde).isZero();
        }
    }

    @Test
    void arbitraryAccesses_allocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        PortBus bus = new PortBus();
        pair.attachTo(bus);
        drive(bus);

        long before = threads.getCurrentThreadAllocatedBytes();
        drive(bus);
        long after = threads.getCurrentThreadAllocatedBytes();

        assertThat(after - before).isZero();
    }

    private void drive(PortBus bus) {
        for (int i = 0; i < 100_000; i++) {
            pair.setLine(i & 15, (i & 16) != 0);
            bus.write(PORTS[i % PORTS.length], 1, i * 31);
            bus.write(i & 0xffff, 2, i);
            bus.read(PORTS[i % PORTS.length], 1);
            bus.read(i & 0xffff, 4);
            pair.acknowledge();
        }
    }
}
