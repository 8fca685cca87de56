package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import dev.interject.RequiresKvm;
import dev.interject.kvm.state.CpuidEntry;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresKvm
class VcpuStateTest {

    private static final int OUR_LEAF = 0x40000100;

    private TinyGuest guest;
    private Vcpu vcpu;

    @BeforeEach
    void boot() {
        guest = TinyGuest.withoutIrqchip("""
                66 b8 00 01 00 40    mov    $0x40000100,%eax
                0f a2                cpuid
                66 e7 20             out    %eax,$0x20
                66 89 d8             mov    %ebx,%eax
                66 e7 20             out    %eax,$0x20
                66 89 c8             mov    %ecx,%eax
                66 e7 20             out    %eax,$0x20
                66 89 d0             mov    %edx,%eax
                66 e7 20             out    %eax,$0x20
                """);
        vcpu = guest.vcpu();
    }

    @AfterEach
    void close() {
        guest.close();
    }

    @Test
    void registers_areReadAsSet() {
        Registers set = new Registers(0x01, 0x12, 0x23, 0x34, 0x45, 0x56, 0x67, 0x78, 0x89, 0x9a, 0xab, 0xbc, 0xcd,
                0xde, 0xef, 0xff00000000000001L, 0x1234, 0x246);

        vcpu.setRegisters(set);

        assertThat(vcpu.registers()).isEqualTo(set);
        assertThat(vcpu.registers().interruptFlag()).isTrue();
    }

    @Test
    void initialRegisters_haveInterruptsDisabled() {
        vcpu.setRegisters(Registers.startingAt(0xfff0));

        assertThat(vcpu.registers()).isEqualTo(Registers.startingAt(0xfff0));
        assertThat(vcpu.registers().interruptFlag()).isFalse();
    }

    @Test
    void specialRegisters_areReadAsSet() {
        SpecialRegisters set = SpecialRegistersSample.withValuesOfItsOwn(vcpu.specialRegisters());

        vcpu.setSpecialRegisters(set);

        assertThat(vcpu.specialRegisters()).isEqualTo(set);
    }

    @Test
    void specialRegistersThatNoCpuHas_areEinval() {
        SpecialRegisters reset = vcpu.specialRegisters();
        SpecialRegisters pagingWithoutProtection = new SpecialRegisters(reset.cs(), reset.ds(), reset.es(), reset.fs(),
                reset.gs(), reset.ss(), reset.tr(), reset.ldt(), reset.gdt(), reset.idt(), 1L << 31, 0, 0, 0, 0, 0,
                reset.apicBase());

        assertThatThrownBy(() -> vcpu.setSpecialRegisters(pagingWithoutProtection))
                .hasMessage("KVM_SET_SREGS: EINVAL (Invalid argument)");
    }

    @Test
    void newVcpu_isInRealModeWithNothingQueued() {
        assertThat(vcpu.specialRegisters().inRealMode()).isTrue();
        assertThat(vcpu.specialRegisters().inLongMode()).isFalse();
        assertThat(vcpu.events()).isEqualTo(VcpuEvents.NONE);
        assertThat(vcpu.events().inShadow()).isFalse();
        assertThat(vcpu.mpState()).isEqualTo(MpState.RUNNABLE);
    }

    @Test
    void protectedMode_isNotRealMode() {
        vcpu.setSpecialRegisters(SpecialRegistersSample.protectedModeWithoutIdt(vcpu.specialRegisters()));

        assertThat(vcpu.specialRegisters().inRealMode()).isFalse();
        assertThat(vcpu.specialRegisters().idt()).isEqualTo(new DescriptorTable(0, 0));
    }

    @Test
    void additionalLeaf_isReadByTheGuest() {
        List<CpuidEntry> leaves = new ArrayList<>(guest.kvm().supportedCpuid());
        leaves.add(CpuidEntry.leaf(OUR_LEAF, 0x11111111, 0x22222222, 0xcccccccc, 0xdddddddd));
        vcpu.setCpuid(leaves);

        assertThat(guest.runToPort().value(0)).isEqualTo(0x11111111);
        assertThat(guest.runToPort().value(0)).isEqualTo(0x22222222);
        assertThat(guest.runToPort().value(0)).isEqualTo(0xcccccccc);
        assertThat(guest.runToPort().value(0)).isEqualTo(0xdddddddd);
    }

    @Test
    void timeStampCounter_runsAsFastAsThoseOfRealCpus() {
        assertThat(vcpu.timeStampCounter().kilohertz()).isPresent();
        assertThat(vcpu.timeStampCounter().kilohertz().getAsInt()).isBetween(100_000, 10_000_000);
    }

    @Test
    void timeStampCounter_advances() {
        long first = vcpu.timeStampCounter().read();

        assertThat(vcpu.timeStampCounter().read()).isGreaterThan(first);
    }

    @Test
    void withoutPaging_linearIsPhysical() {
        assertThat(vcpu.translate(0x1234)).hasValue(0x1234);
    }

    @Test
    void withPaging_translationFollowsTheTables() {
        long present = 1;
        long large = 1 << 7;
        guest.memory().writeLong(0x4000, 0x5000 | present);
        guest.memory().writeLong(0x5000, 0x6000 | present);
        guest.memory().writeLong(0x6000 + Long.BYTES, 0x7000 | present);
        guest.memory().writeLong(0x7000 + 5 * Long.BYTES, 0x9000 | present);
        guest.memory().writeLong(0x6000 + 2 * Long.BYTES, 0x400000 | present | large);
        vcpu.setSpecialRegisters(SpecialRegistersSample.longMode(vcpu.specialRegisters(), 0x4000));

        assertThat(vcpu.specialRegisters().inLongMode()).isTrue();
        assertThat(vcpu.translate(0x205678)).hasValue(0x9678);
        assertThat(vcpu.translate(0x412345)).hasValue(0x412345);
        assertThat(vcpu.translate(0x206678)).isEmpty();
        assertThat(vcpu.translate(0)).isEmpty();
        assertThat(vcpu.translate(-1)).isEmpty();
    }
}
