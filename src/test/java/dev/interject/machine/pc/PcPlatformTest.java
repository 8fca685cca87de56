package dev.interject.machine.pc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.interject.Hang;
import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.PitState;
import dev.interject.device.Redirection;
import dev.interject.device.pc.LineOutput;
import dev.interject.device.pc.Pit8254;
import dev.interject.device.pc.PowerControl;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.inject.PicController;
import dev.interject.machine.board.Controllers;
import dev.interject.trace.Recorder;
import org.junit.jupiter.api.Test;

class PcPlatformTest {

    private static final PowerControl STAYS_ON = new PowerControl() {

        @Override
        public void exit(int value) {
            throw new AssertionError("no guest runs");
        }

        @Override
        public void reset(String cause) {
            throw new AssertionError("no guest runs");
        }
    };

    private final List<String> driven = new CopyOnWriteArrayList<>();

    /** What another thread sees between a high and a low line would be a line that stays high. */
    @Test
    void tickOfThe8254_isAPulseOfItsLine() {
        PcPlatform platform = new PcPlatform(
                new PcPlatform.Configuration(Irqchip.USERSPACE, 1, 1 << 20, CpuModel.HOST, false, true),
                new AddedDevices(), _ -> {}, new PowerSwitch(STAYS_ON));
        try {
            platform.initialize(this::line, new Pics());
            Hang.orUntil(() -> !driven.isEmpty());
        } finally {
            platform.close();
        }

        assertThat(driven).containsOnly("line %d: pulse".formatted(Pit8254.LINE));
    }

    private LineOutput line(int number) {
        return new LineOutput() {
            @Override
            public void set(boolean high) {
                driven.add("line %d: %s".formatted(number, high));
            }

            @Override
            public void pulse() {
                driven.add("line %d: pulse".formatted(number));
            }
        };
    }

    /** 8259s that firmware can set. */
    private static final class Pics implements Controllers {

        private final PicController pic = new PicController(Recorder.off());

        @Override
        public PicState master() {
            return pic.masterState();
        }

        @Override
        public PicState slave() {
            return pic.slaveState();
        }

        @Override
        public void setPics(PicState master, PicState slave) {
            // the lines of this test lead nowhere
        }

        @Override
        public void setRedirection(int pin, Redirection entry) {
            throw new AssertionError("there is no IOAPIC");
        }

        @Override
        public Optional<IoapicState> ioapic() {
            return Optional.empty();
        }

        @Override
        public Optional<PitState> pit() {
            return Optional.empty();
        }

        @Override
        public void setPit(PitState state) {
            throw new AssertionError("there is no PIT in the kernel");
        }
    }
}
