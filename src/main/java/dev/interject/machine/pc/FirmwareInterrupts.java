package dev.interject.machine.pc;

import dev.interject.device.PitChannel;
import dev.interject.device.pc.Pit8254;
import dev.interject.machine.board.Controllers;

/**
 * What a PC's firmware programs before it boots: vectors and masks of the 8259s, and a timer that ticks 18.2 times a
 * second (IBM PC/AT technical reference). The masks are those that SeaBIOS leaves.
 */
final class FirmwareInterrupts {

    private static final int MASTER_BASE = 0x08;
    private static final int SLAVE_BASE = 0x70;
    /** Timer, keyboard, cascade and floppy disk are open. */
    private static final int MASTER_MASK = 0xb8;
    /** Clock, mouse, coprocessor and disk are open. */
    private static final int SLAVE_MASK = 0x8e;

    private static final int RATE_GENERATOR = 2;
    private static final int COUNTER_0_RATE_GENERATOR = 0x34;

    private FirmwareInterrupts() {}

    /** Sets the controllers, with the PIT if it is among them. */
    static void initialize(Controllers controllers) {
        controllers.setPics(controllers.master().withBase(MASTER_BASE).withImr(MASTER_MASK),
                controllers.slave().withBase(SLAVE_BASE).withImr(SLAVE_MASK));
        controllers.pit()
                .ifPresent(pit -> controllers.setPit(pit.withTimer(
                        pit.timer().withMode(RATE_GENERATOR).withCount(PitChannel.LARGEST_COUNT))));
    }

    /** Programs a PIT by its ports, as firmware does. */
    static void start(Pit8254 pit) {
        pit.write(Pit8254.CONTROL_PORT, 1, COUNTER_0_RATE_GENERATOR);
        pit.write(Pit8254.COUNTER_PORT, 1, 0); // the largest count
        pit.write(Pit8254.COUNTER_PORT, 1, 0);
    }
}
