package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;

import dev.interject.Hang;
import dev.interject.RequiresQemu;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.qemu.Accelerator;
import dev.interject.experiment.qemu.Qemu;
import dev.interject.experiment.qemu.QemuMonitor;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Prediction.Fate;
import org.junit.jupiter.api.Test;

/** SeaBIOS, which has found nothing to boot, and waits: a key shows whether the prediction holds. */
@RequiresQemu
class QemuFirmwareTest {

    /** Where its BIOS data area has the end of the keyboard's buffer. */
    private static final String END_OF_KEYS = "xp /1hx 0x41c";

    private static final String MASK = "o /b 0x21 0xff";
    private static final String OPEN = "o /b 0x21 0xb8";

    @Test
    void lineOfTheKeyboard_isTakenOrHeldAsExplained() {
        try (Qemu qemu = Qemu.ofFirmware(Accelerator.TCG);
                QemuMonitor other = QemuMonitor.connect(qemu.socket("other"), Hang.AFTER, new Cancellation())) {
            assertThat(explain(qemu).fate()).isEqualTo(Fate.UNKNOWN); // no gate that is known is closed
            String none = other.human(END_OF_KEYS);
            Qemu.press("a", other);
            Hang.orUntil(() -> !other.human(END_OF_KEYS).equals(none));

            other.human(MASK);
            Prediction masked = explain(qemu);
            String one = other.human(END_OF_KEYS);
            Qemu.press("b", other);
            Hang.orUntil(() -> explain(qemu).fate() == Fate.MERGES); // it is pending
            assertThat(other.human(END_OF_KEYS)).isEqualTo(one);
            other.human(OPEN);
            Hang.orUntil(() -> !other.human(END_OF_KEYS).equals(one));

            assertThat(masked.fate()).isEqualTo(Fate.WAITS);
            assertThat(masked.because().map(Gate::place)).contains("master 8259, IMR");
        }
    }

    private static Prediction explain(Qemu qemu) {
        return QemuExplainExperiment.explain(new QemuPlan(qemu.socket("qmp"), true, Hang.AFTER,
                InterruptChoice.usual().withLine(1), OptionalInt.empty()), new Cancellation())
                .explanation()
                .orElseThrow()
                .prediction();
    }
}
