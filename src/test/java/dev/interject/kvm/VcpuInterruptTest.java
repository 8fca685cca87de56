package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interject.RequiresKvm;
import dev.interject.device.PicState;
import dev.interject.kvm.state.PicChip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RequiresKvm
class VcpuInterruptTest {

    private static final String SLEEPS_OPEN = """
            fb                   sti
            f4                   hlt
            eb fd                jmp    .-1
            """;

    private static final String ASLEEP_CLOSED = """
            fa                   cli
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

    private TinyGuest guest;

    @AfterEach
    void close() {
        guest.close();
    }

    private Vcpu boot(TinyGuest booted) {
        guest = booted.withHandler(0x41, 0x2000, COUNT_AT_500).withHandler(0x42, 0x2100, COUNT_AT_504);
        return guest.vcpu();
    }

    @Test
    void openGuest_isReadyForAnInterrupt() {
        Vcpu vcpu = boot(TinyGuest.withoutIrqchip(SLEEPS_OPEN));
        vcpu.run();

        assertThat(vcpu.readyForInterruptInjection()).isTrue();
        assertThat(vcpu.interruptFlag()).isTrue();
    }

    @Test
    void closedGuest_isNotReady() {
        Vcpu vcpu = boot(TinyGuest.withoutIrqchip(ASLEEP_CLOSED));

        assertThat(vcpu.run()).isInstanceOf(Exit.Halted.class);
        assertThat(vcpu.readyForInterruptInjection()).isFalse();
        assertThat(vcpu.interruptFlag()).isFalse();
    }

    @Test
    void interrupt_runsItsHandlerOnce() {
        Vcpu vcpu = boot(TinyGuest.withoutIrqchip(SLEEPS_OPEN));
        vcpu.run();

        vcpu.interrupt(0x41);

        assertThat(vcpu.run()).isInstanceOf(Exit.Halted.class);
        assertThat(guest.memory().readInt(0x500)).isEqualTo(1);
        assertThat(guest.memory().readInt(0x504)).isZero();
    }

    @Test
    void queuedInterrupt_closesTheWindowAlreadyAtAnExitBeforeItIsTaken() {
        Vcpu vcpu = boot(TinyGuest.withoutIrqchip(SLEEPS_OPEN));
        vcpu.run();
        vcpu.interrupt(0x41);
        vcpu.setImmediateExit(true);

        assertThat(vcpu.run()).isInstanceOf(Exit.Interrupted.class);
        assertThat(guest.memory().readInt(0x500)).isZero();
        assertThat(vcpu.readyForInterruptInjection()).isFalse();
        assertThat(vcpu.events().interruptInjected()).isTrue();
        assertThat(vcpu.events().interruptVector()).isEqualTo(0x41);

        vcpu.setImmediateExit(false);
        assertThat(vcpu.run()).isInstanceOf(Exit.Halted.class);
        assertThat(guest.memory().readInt(0x500)).isEqualTo(1);
        assertThat(vcpu.readyForInterruptInjection()).isTrue();
        assertThat(vcpu.events().interruptInjected()).isFalse();
    }

    @Test
    void readinessIsThatOfTheLastRun_soInterruptAloneDoesNotTakeItAway() {
        Vcpu vcpu = boot(TinyGuest.withoutIrqchip(SLEEPS_OPEN));
        vcpu.run();

        vcpu.interrupt(0x41);

        assertThat(vcpu.readyForInterruptInjection()).isTrue();
    }

    @Test
    void secondInterruptBeforeARun_overwritesTheFirst() {
        Vcpu vcpu = boot(TinyGuest.withoutIrqchip(SLEEPS_OPEN));
        vcpu.run();

        vcpu.interrupt(0x41);
        vcpu.interrupt(0x42);
        vcpu.run();

        assertThat(guest.memory().readInt(0x500)).isZero();
        assertThat(guest.memory().readInt(0x504)).isEqualTo(1);
    }

    @Test
    void requestedWindow_isReportedWhenItOpens() {
        Vcpu vcpu = boot(TinyGuest.withoutIrqchip("""
                fa                   cli
                e6 10                out    %al,$0x10
                fb                   sti
                b9 ff ff             mov    $0xffff,%cx
                e2 fe                loop   .
                f4                   hlt
                """));
        guest.runToPort();
        assertThat(vcpu.readyForInterruptInjection()).isFalse();

        vcpu.requestInterruptWindow(true);

        assertThat(vcpu.run()).isInstanceOf(Exit.WindowOpen.class);
        assertThat(vcpu.readyForInterruptInjection()).isTrue();
    }

    @Test
    void readinessWithAPicInTheKernel_isAlwaysTrue() {
        Vcpu vcpu = boot(TinyGuest.withIrqchip("""
                fa                   cli
                e6 10                out    %al,$0x10
                """));
        guest.runToPort();

        assertThat(vcpu.registers().interruptFlag()).isFalse();
        assertThat(vcpu.readyForInterruptInjection()).isTrue();
    }

    @Test
    void interruptWithAPicInTheKernel_isEnxio() {
        Vcpu vcpu = boot(TinyGuest.withIrqchip(SLEEPS_OPEN));

        assertThatThrownBy(() -> vcpu.interrupt(0x41)).hasMessage("KVM_INTERRUPT: ENXIO (No such device or address)");
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 0x1000, Integer.MAX_VALUE, -1})
    void vectorThatDoesNotExist_isEinval(int vector) {
        Vcpu vcpu = boot(TinyGuest.withoutIrqchip(SLEEPS_OPEN));

        assertThatThrownBy(() -> vcpu.interrupt(vector)).hasMessage("KVM_INTERRUPT: EINVAL (Invalid argument)");
    }

    @Test
    void linePulledIntoTheKernelsPic_reachesTheHandler() {
        Vcpu vcpu = boot(TinyGuest.withIrqchip("""
                fb                   sti
                b9 ff ff             mov    $0xffff,%cx
                e2 fe                loop   .
                e6 11                out    %al,$0x11
                """));
        guest.withHandler(0x23, 0x3000, """
                e6 10                out    %al,$0x10
                cf                   iret
                """);
        PicState reset = guest.vm().picState(PicChip.MASTER);
        guest.vm().setPicState(PicChip.MASTER, PicStateSample.basedAt(reset, 0x20));
        IrqLine line = guest.vm().irqLine(3);

        assertThat(line.raise()).isPositive();
        line.lower();

        assertThat(guest.runToPort().port()).isEqualTo(0x10);
        assertThat(vcpu.registers().interruptFlag()).isFalse();
        assertThat(guest.vm().picState(PicChip.MASTER).isr()).isEqualTo(1 << 3);
    }
}
