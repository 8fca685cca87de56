package dev.interject.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandPortTest {

    private static final int ROOM = 16;
    private static final int PRODUCERS = 2;
    private static final int EACH = 5_000;

    private final CommandPort commands = new CommandPort();

    private int read() {
        return commands.read(CommandPort.PORT, 4);
    }

    @Test
    void newPort_readsAsNoCommand() {
        assertThat(read()).isEqualTo(CommandPort.NONE);
    }

    @Test
    void commands_areReadOnceInOrder() {
        assertThat(commands.offer(0x01004061)).isTrue();
        assertThat(commands.offer(-1)).isTrue();
        assertThat(commands.offer(0x01004061)).isTrue();

        assertThat(IntStream.generate(this::read).limit(4)).containsExactly(0x01004061, -1, 0x01004061, 0);
    }

    @Test
    void commands_areReadByAddressAsWell() {
        commands.offer(0x51);
        commands.offer(0x52);

        assertThat(commands.read(1L, 4)).isEqualTo(CommandPort.NONE);
        assertThat(commands.read(0L, 2)).isEqualTo(CommandPort.NONE);
        assertThat(commands.read(0L, 4)).isEqualTo(0x51);
        assertThat(read()).isEqualTo(0x52);
    }

    @Test
    void commandOfTwoWords_isQueuedAsAWholeOrNotAtAll() {
        IntStream.rangeClosed(1, ROOM - 2).forEach(commands::offer);

        assertThat(commands.offer(98, 0)).isTrue();
        read();
        assertThat(commands.offer(99, 0)).isFalse();
        assertThat(IntStream.generate(this::read).limit(ROOM - 1).skip(ROOM - 3)).containsExactly(98, 0);
        assertThat(read()).isEqualTo(CommandPort.NONE);
    }

    @Test
    void fullQueue_refusesCommandsAndKeepsItsOwn() {
        IntStream.rangeClosed(1, ROOM).forEach(command -> assertThat(commands.offer(command)).isTrue());

        assertThat(commands.offer(99)).isFalse();

        assertThat(read()).isEqualTo(1);
        assertThat(commands.offer(17)).isTrue();
        assertThat(commands.offer(18)).isFalse();
        assertThat(IntStream.generate(this::read).limit(ROOM + 1)).containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
                13, 14, 15, 16, 17, CommandPort.NONE);
    }

    @ParameterizedTest
    @CsvSource({"0x0b04, 1", "0x0b04, 2", "0x0b05, 4", "0x0b03, 4", "0x0b00, 4"})
    void readOfAnotherWidthOrPort_takesNoCommand(String port, int width) {
        commands.offer(7);

        assertThat(commands.read(Integer.decode(port), width)).isEqualTo(CommandPort.NONE);

        assertThat(read()).isEqualTo(7);
    }

    @Test
    void write_changesNothing() {
        commands.offer(7);

        commands.write(CommandPort.PORT, 4, 9);

        assertThat(IntStream.generate(this::read).limit(2)).containsExactly(7, CommandPort.NONE);
    }

    @Test
    void onTheBus_answersAtItsPort() {
        PortBus bus = new PortBus();
        bus.register(CommandPort.PORT, CommandPort.PORT, commands);
        commands.offer(0x0100406d);

        assertThat(bus.read(CommandPort.PORT, 4)).isEqualTo(0x0100406d);
    }

    @Test
    void concurrentProducers_loseNoCommandAndKeepTheirOrder() throws Exception {
        int[] fetched = new int[PRODUCERS];
        boolean inOrder = true;
        try (ExecutorService producers = Executors.newFixedThreadPool(PRODUCERS)) {
            Future<Integer> first = producers.submit(offers(0));
            Future<Integer> second = producers.submit(offers(1));
            while (fetched[0] + fetched[1] < PRODUCERS * EACH) {
                int command = next() - 1;
                inOrder &= command / PRODUCERS == fetched[command % PRODUCERS]++;
            }

            assertThat(first.get() + second.get()).isEqualTo(PRODUCERS * EACH);
        }
        assertThat(inOrder).isTrue();
        assertThat(fetched).containsOnly(EACH);
        assertThat(read()).isEqualTo(CommandPort.NONE);
    }

    /** Returns the number offered; each is offered until it fits. */
    private Callable<Integer> offers(int mark) {
        return () -> {
            int offered = 0;
            while (offered < EACH && !Thread.currentThread().isInterrupted()) {
                offered += commands.offer(1 + offered * PRODUCERS + mark) ? 1 : 0;
            }
            return offered;
        };
    }

    private int next() {
        int command = read();
        while (command == CommandPort.NONE && !Thread.currentThread().isInterrupted()) {
            command = read();
        }
        return command;
    }
}
