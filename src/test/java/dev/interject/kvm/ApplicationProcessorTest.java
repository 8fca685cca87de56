package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.RequiresKvm;
import dev.interject.kvm.state.MpState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An application processor that waits for INIT and SIPI; the first vCPU sends them through its x2APIC's ICR. */
@RequiresKvm
class ApplicationProcessorTest {

    private static final int STARTS_AT = 0x2000;

    private TinyGuest guest;
    private Vcpu other;

    @BeforeEach
    void boot() {
        guest = TinyGuest.withIrqchip("""
                66 b9 1b 00 00 00    mov    $0x1b,%ecx
                0f 32                rdmsr
                80 cc 0c             or     $0xc,%ah
                0f 30                wrmsr
                66 b9 30 08 00 00    mov    $0x830,%ecx
                66 ba 01 00 00 00    mov    $1,%edx
                66 b8 00 45 00 00    mov    $0x4500,%eax
                0f 30                wrmsr
                e6 10                out    %al,$0x10
                66 b8 02 46 00 00    mov    $0x4602,%eax
                0f 30                wrmsr
                e6 11                out    %al,$0x11
                """).withHandler(0, STARTS_AT, """
                e6 12                out    %al,$0x12
                """);
        other = guest.vm().createVcpu(1);
        guest.vcpu().setCpuid(guest.kvm().supportedCpuid());
        other.setCpuid(guest.kvm().supportedCpuid());
    }

    @AfterEach
    void close() {
        other.close();
        guest.close();
    }

    @Test
    void first_isRunnableAndTheOtherIsUninitialized() {
        assertThat(guest.vcpu().mpState()).isEqualTo(MpState.RUNNABLE);
        assertThat(other.mpState()).isEqualTo(MpState.UNINITIALIZED);
    }

    @Test
    void init_wakesItWithoutRunningAnything() {
        assertThat(guest.runToPort().port()).isEqualTo(0x10);

        assertThat(other.run()).isInstanceOf(Exit.Woken.class);
        assertThat(other.mpState()).isEqualTo(MpState.INIT_RECEIVED);
    }

    @Test
    void sipiAfterInit_startsItAtItsPage() {
        assertThat(guest.runToPort().port()).isEqualTo(0x10);
        assertThat(other.run()).isInstanceOf(Exit.Woken.class);

        assertThat(guest.runToPort().port()).isEqualTo(0x11);

        assertThat(((Exit.PortAccess) other.run()).io().port()).isEqualTo(0x12);
        assertThat(other.specialRegisters().cs().base()).isEqualTo(STARTS_AT);
        assertThat(other.mpState()).isEqualTo(MpState.RUNNABLE);
    }

    @Test
    void waitingProcessor_exitsWhenKicked() {
        other.setImmediateExit(true);

        assertThat(other.run()).isInstanceOf(Exit.Interrupted.class);
        assertThat(other.mpState()).isEqualTo(MpState.UNINITIALIZED);
    }
}
