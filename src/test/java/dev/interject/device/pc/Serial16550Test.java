package dev.interject.device.pc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import dev.interject.device.PortBus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Serial16550Test {

    private static final int DATA = 0x3f8;
    private static final int ENABLE = 0x3f9;
    private static final int IDENTIFICATION = 0x3fa;
    private static final int LINE_CONTROL = 0x3fb;
    private static final int MODEM_CONTROL = 0x3fc;
    private static final int LINE_STATUS = 0x3fd;
    private static final int MODEM_STATUS = 0x3fe;
    private static final int SCRATCH = 0x3ff;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final RecordedLine line = new RecordedLine();
    private final Serial16550 serial = new Serial16550(sent::write, line);
    private final PortBus ports = new PortBus();

    Serial16550Test() {
        serial.attachTo(ports);
    }

    private void out(int port, int value) {
        ports.write(port, 1, value);
    }

    private int in(int port) {
        return ports.read(port, 1);
    }

    private void receive(String text) throws InterruptedException {
        serial.receive(text.getBytes(StandardCharsets.US_ASCII), text.length());
    }

    private void enableInterrupts(int enabled) {
        out(MODEM_CONTROL, 0x08);
        out(ENABLE, enabled);
    }

    @Test
    void writtenCharacter_isSentAndTheTransmitterIsEmptyAgain() {
        out(DATA, 'h');
        out(DATA, 'i');

        assertThat(sent).hasToString("hi");
        assertThat(in(LINE_STATUS)).isEqualTo(0x60);
    }

    @Test
    void divisor_isSetBehindTheLatchAndSendsNothing() {
        out(LINE_CONTROL, 0x83);
        out(DATA, 0x34);
        out(ENABLE, 0x12);

        assertThat(in(DATA)).isEqualTo(0x34);
        assertThat(in(ENABLE)).isEqualTo(0x12);
        out(LINE_CONTROL, 0x03);
        assertThat(in(ENABLE)).isZero();
        assertThat(sent.size()).isZero();
    }

    @Test
    void scratchRegister_keepsWhatIsWritten() {
        out(SCRATCH, 0xa5);

        assertThat(in(SCRATCH)).isEqualTo(0xa5);
    }

    @Test
    void receivedCharacters_areReadInOrder() throws InterruptedException {
        receive("ab");

        assertThat(in(LINE_STATUS) & 1).isEqualTo(1);
        assertThat(in(DATA)).isEqualTo('a');
        assertThat(in(DATA)).isEqualTo('b');
        assertThat(in(LINE_STATUS) & 1).isZero();
    }

    @Test
    void withoutFifo_eachReceivedCharacterIsAnInterrupt() throws InterruptedException {
        enableInterrupts(0x01);
        receive("abc");

        assertThat(in(IDENTIFICATION)).isEqualTo(0x04);
        assertThat(in(DATA)).isEqualTo('a');
        assertThat(in(DATA)).isEqualTo('b');
        assertThat(line.rises()).isEqualTo(3);
        in(DATA);
        assertThat(line.isHigh()).isFalse();
        assertThat(in(IDENTIFICATION)).isEqualTo(0x01);
    }

    /** PC16550D data sheet, "FIFO Interrupt Mode Operation": trigger levels 1, 4, 8 and 14. */
    @ParameterizedTest
    @CsvSource({"0x01, 1, 0xc4", "0x41, 3, 0xcc", "0x41, 4, 0xc4", "0x81, 8, 0xc4", "0xc1, 13, 0xcc", "0xc1, 14, 0xc4"})
    void fifo_interruptsAtItsTriggerLevelOrTimesOut(String control, int characters, String identification)
            throws InterruptedException {
        enableInterrupts(0x01);
        out(IDENTIFICATION, Integer.decode(control));
        receive("x".repeat(characters));

        assertThat(in(IDENTIFICATION)).isEqualTo(Integer.decode(identification));
        assertThat(line.isHigh()).isTrue();
    }

    @Test
    void clearedFifo_isEmpty() throws InterruptedException {
        out(IDENTIFICATION, 0x01);
        receive("abc");
        out(IDENTIFICATION, 0x03);

        assertThat(in(LINE_STATUS) & 1).isZero();
    }

    @Test
    void emptyTransmitter_interruptsWhenEnabledAndAfterEachCharacter() {
        enableInterrupts(0x02);

        assertThat(in(IDENTIFICATION)).isEqualTo(0x02);
        assertThat(in(IDENTIFICATION)).isEqualTo(0x01);
        assertThat(line.isHigh()).isFalse();
        out(DATA, 'x');
        assertThat(line.isHigh()).isTrue();
        assertThat(line.rises()).isEqualTo(2);
    }

    @Test
    void withoutOut2_noInterruptReachesTheControllers() throws InterruptedException {
        out(ENABLE, 0x03);
        receive("a");

        assertThat(line.rises()).isZero();
        out(MODEM_CONTROL, 0x08);
        assertThat(line.isHigh()).isTrue();
    }

    @Test
    void loopback_receivesWhatIsSentAndShowsModemControls() {
        out(MODEM_CONTROL, 0x1f);
        out(DATA, 'z');

        assertThat(in(MODEM_STATUS)).isEqualTo(0xf0);
        assertThat(in(DATA)).isEqualTo('z');
        assertThat(sent.size()).isZero();
        assertThat(line.rises()).isZero();
    }

    @Test
    void guestThatNeverReads_stopsTheInputAndCloseEndsIt() throws InterruptedException {
        Thread typing = Thread.ofPlatform().daemon().start(() -> {
            try {
                serial.receive(new byte[100_000], 100_000);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        while (typing.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        serial.close();
        typing.join();

        assertThat(typing.isAlive()).isFalse();
    }
}
