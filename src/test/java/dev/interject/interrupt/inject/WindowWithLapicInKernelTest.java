package dev.interject.interrupt.inject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.RequiresKvm;
import dev.interject.kvm.TinyGuest;
import dev.interject.kvm.Vcpu;
import dev.interject.trace.Recorder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The window with a LAPIC in the kernel (split): the kernel keeps one vector, and rejects others. */
@RequiresKvm
class WindowWithLapicInKernelTest {

    private static final int RUNS = 1_000;

    private static final String OPEN_AND_BUSY = """
            fb                   sti
            90                   nop
            e6 10                out    %al,$0x10
            eb fc                jmp    .-2
            """;

    private static final String COUNT_AT_500 = """
            66 ff 06 00 05       incl   0x500
            cf                   iret
            """;

    private static final String COUNT_AT_504 = """
            66 ff 06 04 05       incl   0x504
            cf                   iret
            """;

    private final VectorQueue raw = new VectorQueue(4);
    private final VectorQueue pic = new VectorQueue(4);
    private TinyGuest guest;
    private Vcpu vcpu;
    private InterruptWindow window;

    @BeforeEach
    void boot() {
        guest = TinyGuest.withSplitIrqchip(OPEN_AND_BUSY)
                .withHandler(0x41, 0x2000, COUNT_AT_500)
                .withHandler(0x42, 0x2100, COUNT_AT_504);
        vcpu = guest.vcpu();
        window = new InterruptWindow(vcpu, raw, pic, 0, Recorder.off(), () -> 0);
        guest.runToPort();
        window.afterRun();
    }

    @AfterEach
    void close() {
        guest.close();
    }

    private int taken(int vector) {
        return guest.memory().readInt(0x500 + (vector - 0x41) * 4);
    }

    private void runUntilTaken(int vector, int times) {
        for (int runs = 0; runs < RUNS && taken(vector) < times; runs++) {
            vcpu.run();
            window.afterRun();
        }
        assertThat(taken(vector)).isEqualTo(times);
    }

    /** The window has no record of 0x41, which the kernel holds; 0x42 is rejected, and 0x41 is taken after it. */
    private void letTheKernelRejectOne() {
        assertThat(window.isOpen()).isTrue();
        vcpu.interrupt(0x41);
        raw.add(0x42);
        raw.add(0x41);
        window.beforeRun(false);
    }

    @Test
    void rejectedVector_isKeptAndCanBeWithdrawnOnce() {
        letTheKernelRejectOne();

        assertThat(window.withdraw(0x41)).isFalse();
        assertThat(window.withdraw(0x42)).isTrue();
        assertThat(window.withdraw(0x42)).isFalse();
        assertThat(raw.size()).isEqualTo(1);
        assertThat(window.canInject()).isFalse();
        assertThat(window.isOpen()).isFalse();
    }

    @Test
    void rejectedVector_isFirstInTheNextWindow() {
        letTheKernelRejectOne();
        pic.add(0x41);
        runUntilTaken(0x41, 1);
        assertThat(taken(0x42)).isZero();

        assertThat(window.beforeRun(false)).isTrue();

        assertThat(window.withdraw(0x42)).isFalse();
        assertThat(raw.size()).isEqualTo(1);
        assertThat(pic.size()).isEqualTo(1);
        runUntilTaken(0x42, 1);
        assertThat(taken(0x41)).isEqualTo(1);
    }

    @Test
    void allVectors_areTakenOnce() {
        letTheKernelRejectOne();
        runUntilTaken(0x41, 1);
        window.beforeRun(false);
        runUntilTaken(0x42, 1);
        window.beforeRun(false);
        runUntilTaken(0x41, 2);

        assertThat(taken(0x42)).isEqualTo(1);
        assertThat(raw.isPending()).isFalse();
        assertThat(window.canInject()).isFalse();
    }

    @Test
    void withoutARejection_nothingIsHeld() {
        raw.add(0x42);

        assertThat(window.beforeRun(false)).isTrue();

        assertThat(window.withdraw(0x42)).isFalse();
        runUntilTaken(0x42, 1);
    }
}
