package dev.interject.device.pc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.device.MmioBus;
import dev.interject.device.PortBus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The devices of a few lines, together on one bus as in a PC; the test device, which shares a port, on another. */
class SmallDevicesTest {

    private final RecordedPower power = new RecordedPower();
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final List<RecordedLine> lines = Stream.generate(RecordedLine::new).limit(24).toList();
    private final PortBus ports = new PortBus();
    private final MmioBus mmio = new MmioBus();

    SmallDevicesTest() {
        new DebugConsole(console::write).attachTo(ports);
        new ExitPort(power).attachTo(ports);
        new SystemPorts(power).attachTo(ports);
        new KeyboardController(power).attachTo(ports);
        new ResetPort(power).attachTo(ports);
        new PciConfiguration().attachTo(ports);
        new FirmwareConfiguration(256 << 20, 3).attachTo(ports);
    }

    private void attachTestDevice(PortBus bus) {
        new PcTestDevice(List.copyOf(lines)).attachTo(bus, mmio);
    }

    private int firmware(int key, int bytes) {
        ports.write(0x510, 2, key);
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= ports.read(0x511, 1) << i * 8;
        }
        return value;
    }

    @Test
    void debugConsole_outputsEachByteAndTellsThatItIsThere() {
        ports.write(0xe9, 1, 'a');

        assertThat(console).hasToString("a");
        assertThat(ports.read(0xe9, 1)).isEqualTo(0xe9);
    }

    @ParameterizedTest
    @CsvSource({"0xf4, 1, 0x10, exit 16", "0xf4, 4, 0x12345678, exit 305419896", "0xf5, 1, 1, exit 1",
        "0x92, 1, 3, reset by port 0x92", "0xcf9, 1, 6, reset by port 0xcf9", "0xcf9, 1, 0x0e, reset by port 0xcf9",
        "0x64, 1, 0xfe, reset by the keyboard controller", "0x64, 1, 0xf0, reset by the keyboard controller"})
    void write_endsTheMachine(String port, int width, String value, String request) {
        ports.write(Integer.decode(port), width, Integer.decode(value));

        assertThat(power.requests).containsExactly(request);
    }

    @ParameterizedTest
    @CsvSource({"0x92, 2", "0xcf9, 2", "0x64, 0xff", "0x64, 0xaa", "0x80, 0xff", "0x60, 0xfe"})
    void write_endsNothing(String port, String value) {
        ports.write(Integer.decode(port), 1, Integer.decode(value));

        assertThat(power.requests).isEmpty();
    }

    @Test
    void keyboardController_resetsByItsOutputPort() {
        ports.write(0x64, 1, 0xd1);
        ports.write(0x60, 1, 0xdf);
        assertThat(power.requests).isEmpty();
        ports.write(0x64, 1, 0xd1);
        ports.write(0x60, 1, 0xfe);

        assertThat(power.requests).containsExactly("reset by the keyboard controller");
    }

    @Test
    void keyboardController_passesItsSelfTest() {
        assertThat(ports.read(0x64, 1) & 1).isZero();
        ports.write(0x64, 1, 0xaa);

        assertThat(ports.read(0x64, 1) & 1).isEqualTo(1);
        assertThat(ports.read(0x60, 1)).isEqualTo(0x55);
        assertThat(ports.read(0x64, 1) & 1).isZero();
    }

    @Test
    void keyboardController_keepsItsConfiguration() {
        ports.write(0x64, 1, 0x60);
        ports.write(0x60, 1, 0x47);
        ports.write(0x64, 1, 0x20);

        assertThat(ports.read(0x60, 1)).isEqualTo(0x47);
    }

    @Test
    void a20_isAlwaysOpen() {
        ports.write(0x92, 1, 0);

        assertThat(ports.read(0x92, 1)).isEqualTo(2);
    }

    @Test
    void pciBus_hasNoDevice() {
        ports.write(0xcf8, 4, 0x80000000);

        assertThat(ports.read(0xcf8, 4)).isEqualTo(0x80000000);
        assertThat(ports.read(0xcfc, 4)).isEqualTo(-1);
        assertThat(ports.read(0xcfe, 2)).isEqualTo(0xffff);
    }

    @ParameterizedTest
    @CsvSource({"0, 0x554d4551", "1, 1", "3, 0x10000000", "5, 3", "15, 3", "25, 0", "0x8000, 0"})
    void firmwareConfiguration_hasMemoryAndCpus(String key, String value) {
        assertThat(firmware(Integer.decode(key), 4)).isEqualTo(Integer.decode(value));
    }

    @Test
    void testDevice_keepsWhatIsWrittenToPortsAndMemory() {
        PortBus ports = new PortBus();
        attachTestDevice(ports);
        ports.write(0xe0, 4, 0x12345678);
        ports.write(0xe2, 1, 0xaa);
        mmio.write(0xff000010L, 8, 0x1122334455667788L);

        assertThat(ports.read(0xe0, 4)).isEqualTo(0x12aa5678);
        assertThat(ports.read(0xea, 2)).isEqualTo(0x12aa);
        assertThat(ports.read(0xe3, 1)).isEqualTo(0x12);
        assertThat(mmio.read(0xff000012L, 2)).isEqualTo(0x5566);
        assertThat(mmio.read(0xff00ffffL, 8)).isZero();
    }

    @Test
    void testDevice_drivesLines() {
        PortBus ports = new PortBus();
        attachTestDevice(ports);
        ports.write(0x2005, 1, 1);
        ports.write(0x2017, 1, 1);
        ports.write(0x2017, 1, 0);

        assertThat(lines.get(5).isHigh()).isTrue();
        assertThat(lines.get(23).isHigh()).isFalse();
        assertThat(lines.get(23).rises()).isEqualTo(1);
    }
}
