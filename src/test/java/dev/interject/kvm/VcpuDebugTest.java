package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interject.RequiresKvm;
import dev.interject.kvm.state.GuestDebug;
import dev.interject.machine.vcpu.DebugRegisters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresKvm
class VcpuDebugTest {

    /** BS: a single step ended. */
    private static final long DR6_BS = 1 << 14;

    private static final int HANDLER = 0x2000;

    private TinyGuest guest;
    private Vcpu vcpu;

    @BeforeEach
    void boot() {
        guest = TinyGuest.withoutIrqchip("""
                90                   nop
                fb                   sti
                90                   nop
                8e d0                mov    %ax,%ss
                90                   nop
                e6 10                out    %al,$0x10
                """).withHandler(0x41, HANDLER, """
                90                   nop
                cf                   iret
                """);
        vcpu = guest.vcpu();
    }

    @AfterEach
    void close() {
        guest.close();
    }

    /** QEMU's TCG emulates an SVM on which they do not stop a guest; doctor says so. */
    private void assumeThatBreakpointsWork() {
        assumeTrue(DebugRegisters.work(guest.kvm()), "debug registers stop no guest on this host");
    }

    private DebugTrap runToTrap(GuestDebug debug) {
        vcpu.setDebug(debug);
        return ((Exit.Debugged) vcpu.run()).trap();
    }

    @Test
    void singleStep_endsAfterOneInstruction() {
        DebugTrap trap = runToTrap(GuestDebug.singleStep());

        assertThat(trap.pc()).isEqualTo(TinyGuest.CODE + 1);
        assertThat(trap.exception()).isEqualTo(1);
        assertThat(trap.dr6() & DR6_BS).isEqualTo(DR6_BS);
        assertThat(trap.breakpoint()).isEqualTo(-1);
        assertThat(vcpu.registers().rip()).isEqualTo(TinyGuest.CODE + 1);
    }

    @Test
    void trapFlagOfAStep_isHiddenFromTheRegisters() {
        runToTrap(GuestDebug.singleStep());

        assertThat(vcpu.registers().rflags()).isEqualTo(0x2);
    }

    @Test
    void breakpoint_isReachedBeforeItsInstruction() {
        assumeThatBreakpointsWork();
        DebugTrap trap = runToTrap(GuestDebug.breakAt(TinyGuest.CODE + 2));

        assertThat(trap.pc()).isEqualTo(TinyGuest.CODE + 2);
        assertThat(trap.breakpoint()).isZero();
        assertThat(trap.dr6() & DR6_BS).isZero();
    }

    @Test
    void breakpointAtTheCurrentInstruction_isReachedAtOnce() {
        assumeThatBreakpointsWork();
        assertThat(runToTrap(GuestDebug.breakAt(TinyGuest.CODE)).pc()).isEqualTo(TinyGuest.CODE);
        assertThat(runToTrap(GuestDebug.breakAt(TinyGuest.CODE)).pc()).isEqualTo(TinyGuest.CODE);
    }

    @Test
    void off_letsTheGuestRun() {
        runToTrap(GuestDebug.singleStep());

        vcpu.setDebug(GuestDebug.OFF);

        assertThat(guest.runToPort().port()).isEqualTo(0x10);
    }

    @Test
    void interruptTakenInAStep_reachesTheBreakpointAtItsHandler() {
        assumeThatBreakpointsWork();
        runToTrap(GuestDebug.breakAt(TinyGuest.CODE + 3));

        vcpu.interrupt(0x41);
        DebugTrap trap = runToTrap(GuestDebug.singleStep(0x3000, HANDLER));

        assertThat(trap.pc()).isEqualTo(HANDLER);
        assertThat(trap.breakpoint()).isEqualTo(1);
    }

    @Test
    void fiveBreakpoints_areTooMany() {
        assertThatIllegalArgumentException().isThrownBy(() -> GuestDebug.singleStep(1, 2, 3, 4, 5));
    }

    @Test
    void shadows_areSeenAfterTheirInstructionAndGoneAfterTheNext() {
        assumeThatBreakpointsWork();
        runToTrap(GuestDebug.breakAt(TinyGuest.CODE + 1));

        runToTrap(GuestDebug.singleStep());
        assertThat(vcpu.events().stiShadow()).isTrue();
        runToTrap(GuestDebug.singleStep());
        assertThat(vcpu.events().inShadow()).isFalse();
        runToTrap(GuestDebug.singleStep());
        assertThat(vcpu.events().movSsShadow()).isTrue();
        runToTrap(GuestDebug.singleStep());
        assertThat(vcpu.events().inShadow()).isFalse();
    }
}
