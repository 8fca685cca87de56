package dev.interject.interrupt.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;

import dev.interject.RequiresKvm;
import dev.interject.kvm.Exit;
import dev.interject.kvm.TinyGuest;
import dev.interject.kvm.Vcpu;
import dev.interject.trace.Recorder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@RequiresKvm
class InterruptWindowTest {

    private static final int MANY = 2_000;

    private static final String SLEEPS_OPEN = """
            fb                   sti
            f4                   hlt
            eb fd                jmp    .-1
            """;

    /** Closed at its OUT; then open, and busy for some milliseconds. */
    private static final String OPENS_LATER = """
            fa                   cli
            e6 10                out    %al,$0x10
            fb                   sti
            b9 ff ff             mov    $0xffff,%cx
            e2 fe                loop   .
            f4                   hlt
            """;

    private static final String COUNT_AT_500 = """
            66 ff 06 00 05       incl   0x500
            cf                   iret
            """;

    private static final String COUNT_AT_504 = """
            66 ff 06 04 05       incl   0x504
            cf                   iret
            """;

    private final VectorQueue raw = new VectorQueue(MANY);
    private final VectorQueue pic = new VectorQueue(MANY);
    private TinyGuest guest;
    private Vcpu vcpu;
    private InterruptWindow window;

    private void boot(String program) {
        guest = TinyGuest.withoutIrqchip(program)
                .withHandler(0x41, 0x2000, COUNT_AT_500)
                .withHandler(0x42, 0x2100, COUNT_AT_504);
        vcpu = guest.vcpu();
        window = new InterruptWindow(vcpu, raw, pic, 0, Recorder.off(), () -> 0);
    }

    @AfterEach
    void close() {
        guest.close();
    }

    private Exit run() {
        Exit exit = vcpu.run();
        window.afterRun();
        return exit;
    }

    private int taken(int vector) {
        return guest.memory().readInt(0x500 + (vector - 0x41) * 4);
    }

    @Test
    void beforeTheFirstRun_nothingIsInjected() {
        boot(SLEEPS_OPEN);
        raw.add(0x41);

        assertThat(window.canInject()).isFalse();
        assertThat(window.beforeRun(false)).isFalse();
        assertThat(raw.size()).isEqualTo(1);
    }

    @Test
    void closedGuest_keepsTheVectorUntilItOpens() {
        boot(OPENS_LATER);
        guest.runToPort();
        raw.add(0x41);

        assertThat(window.canInject()).isFalse();
        assertThat(window.beforeRun(false)).isFalse();
        assertThat(raw.size()).isEqualTo(1);

        assertThat(run()).isInstanceOf(Exit.WindowOpen.class);
        assertThat(taken(0x41)).isZero();
        assertThat(window.canInject()).isTrue();
        assertThat(window.beforeRun(true)).isTrue();
        assertThat(raw.size()).isZero();

        assertThat(run()).isInstanceOf(Exit.WindowOpen.class);
        assertThat(taken(0x41)).isEqualTo(1);
    }

    @Test
    void nothingPending_requestsNoWindow() {
        boot(SLEEPS_OPEN);

        assertThat(window.beforeRun(false)).isFalse();

        assertThat(run()).isInstanceOf(Exit.Halted.class);
        assertThat(window.canInject()).isFalse();
    }

    @Test
    void windowForAnotherPurpose_isRequestedWithoutAVector() {
        boot(OPENS_LATER);
        guest.runToPort();

        assertThat(window.beforeRun(true)).isFalse();

        assertThat(run()).isInstanceOf(Exit.WindowOpen.class);
    }

    @Test
    void vectorByNumber_precedesThatOfThePic() {
        boot(SLEEPS_OPEN);
        run();
        pic.add(0x42);
        raw.add(0x41);

        assertThat(window.beforeRun(false)).isTrue();
        assertThat(raw.size()).isZero();
        assertThat(pic.size()).isEqualTo(1);

        run();
        assertThat(window.beforeRun(false)).isTrue();
        run();

        assertThat(taken(0x41)).isEqualTo(1);
        assertThat(taken(0x42)).isEqualTo(1);
    }

    @Test
    void secondCallBeforeTheRun_queuesNoSecondVector() {
        boot(SLEEPS_OPEN);
        run();
        raw.add(0x41);
        raw.add(0x42);

        assertThat(window.beforeRun(false)).isTrue();
        assertThat(window.isOpen()).isFalse();
        assertThat(window.canInject()).isFalse();
        assertThat(window.beforeRun(false)).isTrue();
        assertThat(raw.size()).isEqualTo(1);

        run();
        assertThat(taken(0x41)).isEqualTo(1);
        assertThat(window.isOpen()).isTrue();
    }

    @Test
    void forcedVector_leavesTheOthersWaiting() {
        boot(SLEEPS_OPEN);
        run();
        raw.add(0x42);

        window.interruptNow(0x41);

        assertThat(window.beforeRun(false)).isTrue();
        assertThat(raw.size()).isEqualTo(1);
        run();
        assertThat(taken(0x41)).isEqualTo(1);
        assertThat(taken(0x42)).isZero();
    }

    @Test
    void vectorThatARunDidNotTake_isNotOverwrittenByTheNext() {
        boot(SLEEPS_OPEN);
        run();
        raw.add(0x41);
        raw.add(0x42);
        window.beforeRun(false);
        vcpu.setImmediateExit(true);
        run();
        vcpu.setImmediateExit(false);

        assertThat(window.beforeRun(false)).isFalse();
        assertThat(raw.size()).isEqualTo(1);

        run();
        window.beforeRun(false);
        run();

        assertThat(taken(0x41)).isEqualTo(1);
        assertThat(taken(0x42)).isEqualTo(1);
    }

    @Test
    void manyVectors_areAllTakenOnceWhateverTheGuestIsDoing() {
        boot("""
                fb                   sti
                e6 10                out    %al,$0x10
                fa                   cli
                e6 10                out    %al,$0x10
                eb f8                jmp    .-6
                """);
        IntStream.range(0, MANY).forEach(i -> raw.add(0x41 + i % 2));

        int runs = 0;
        while (taken(0x41) + taken(0x42) < MANY && runs++ < 100 * MANY) {
            window.beforeRun(false);
            run();
        }

        assertThat(taken(0x41)).isEqualTo(MANY / 2);
        assertThat(taken(0x42)).isEqualTo(MANY / 2);
        assertThat(raw.isPending()).isFalse();
    }
}
