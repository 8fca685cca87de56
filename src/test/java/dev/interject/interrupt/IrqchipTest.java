package dev.interject.interrupt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

class IrqchipTest {

    @Test
    void labels_areThoseOfTheCommandLine() {
        assertThat(Arrays.stream(Irqchip.values()).map(Irqchip::label)).containsExactly("kernel", "split", "userspace");
        assertThat(Arrays.stream(Trigger.values()).map(Trigger::label)).containsExactly("edge", "level");
        assertThat(Irqchip.KERNEL).hasToString("kernel");
        assertThat(Trigger.LEVEL).hasToString("level");
    }
}
