package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import dev.interject.RequiresKvm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@RequiresKvm
class VcpuExitsTest {

    private TinyGuest guest;

    @AfterEach
    void close() {
        guest.close();
    }

    private Vcpu boot(String program) {
        guest = TinyGuest.withoutIrqchip(program);
        return guest.vcpu();
    }

    @Test
    void out_hasPortWidthAndValue() {
        boot("""
                b0 f1                mov    $0xf1,%al
                e6 10                out    %al,$0x10
                b8 33 f2             mov    $0xf233,%ax
                e7 11                out    %ax,$0x11
                66 b8 77 66 55 f4    mov    $0xf4556677,%eax
                66 e7 12             out    %eax,$0x12
                """);

        PortIo io = guest.runToPort();
        assertThat(io.isWrite()).isTrue();
        assertThat(new int[]{io.port(), io.width(), io.count(), io.value(0)}).containsExactly(0x10, 1, 1, 0xf1);

        io = guest.runToPort();
        assertThat(new int[]{io.port(), io.width(), io.count(), io.value(0)}).containsExactly(0x11, 2, 1, 0xf233);

        io = guest.runToPort();
        assertThat(new int[]{io.port(), io.width(), io.count(), io.value(0)}).containsExactly(0x12, 4, 1, 0xf4556677);
    }

    @Test
    void outToAHighPort_isNotNegative() {
        boot("""
                ba fe ff             mov    $0xfffe,%dx
                ee                   out    %al,(%dx)
                """);

        assertThat(guest.runToPort().port()).isEqualTo(0xfffe);
    }

    @Test
    void in_waitsForTheValueInItsWidth() {
        boot("""
                66 b8 ff ff ff ff    mov    $0xffffffff,%eax
                e4 10                in     $0x10,%al
                66 e7 20             out    %eax,$0x20
                e5 10                in     $0x10,%ax
                66 e7 20             out    %eax,$0x20
                66 e5 10             in     $0x10,%eax
                66 e7 20             out    %eax,$0x20
                """);

        PortIo io = guest.runToPort();
        assertThat(io.isWrite()).isFalse();
        io.answer(0, 0x12345681);
        assertThat(guest.runToPort().value(0)).isEqualTo(0xffffff81);

        guest.runToPort().answer(0, 0x12348382);
        assertThat(guest.runToPort().value(0)).isEqualTo(0xffff8382);

        guest.runToPort().answer(0, 0x12348484);
        assertThat(guest.runToPort().value(0)).isEqualTo(0x12348484);
    }

    @Test
    void stringIn_takesAValueForEachAccess() {
        boot("""
                bf 00 05             mov    $0x500,%di
                b9 03 00             mov    $3,%cx
                ba 10 00             mov    $0x10,%dx
                f3 6d                rep insw (%dx),%es:(%di)
                f4                   hlt
                """);

        PortIo io = guest.runToPort();
        assertThat(io.isWrite()).isFalse();
        assertThat(io.width()).isEqualTo(2);
        assertThat(io.count()).isEqualTo(3);
        io.answer(0, 0x4241);
        io.answer(1, 0x4443);
        io.answer(2, 0x4645);

        assertThat(guest.vcpu().run()).isInstanceOf(Exit.Halted.class);
        assertThat(guest.memory().read(0x500, 6)).isEqualTo("ABCDEF".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void stringOut_givesEachByteOnce() {
        boot("""
                be 00 05             mov    $0x500,%si
                b9 03 00             mov    $3,%cx
                ba 10 00             mov    $0x10,%dx
                f3 6e                rep outsb %ds:(%si),(%dx)
                f4                   hlt
                """);
        guest.memory().write(0x500, new byte[]{'a', 'b', 'c'});

        // KVM may report them in one exit or in several
        String written = guest.runCollectingOutput();

        assertThat(written).isEqualTo("abc");
    }

    @Test
    void loadOutsideRam_readsTheSuppliedValue() {
        boot("""
                b8 00 b8             mov    $0xb800,%ax
                8e d8                mov    %ax,%ds
                66 a1 06 00          mov    0x6,%eax
                66 e7 20             out    %eax,$0x20
                """);

        Mmio mmio = guest.runToMemory();
        assertThat(mmio.isWrite()).isFalse();
        assertThat(mmio.address()).isEqualTo(0xb8006);
        assertThat(mmio.width()).isEqualTo(4);
        mmio.answer(-1);

        assertThat(guest.runToPort().value(0)).isEqualTo(0xffffffff);
    }

    @Test
    void narrowLoadOutsideRam_takesTheLowBytesOfTheValue() {
        boot("""
                b8 00 b8             mov    $0xb800,%ax
                8e d8                mov    %ax,%ds
                a0 06 00             mov    0x6,%al
                e7 20                out    %ax,$0x20
                """);

        guest.runToMemory().answer(0x1122334455667788L);

        assertThat(guest.runToPort().value(0)).isEqualTo(0xb888);
    }

    @Test
    void storeOutsideRam_isAWrite() {
        boot("""
                b8 00 b8             mov    $0xb800,%ax
                8e d8                mov    %ax,%ds
                a3 08 00             mov    %ax,0x8
                """);

        Mmio mmio = guest.runToMemory();

        assertThat(mmio.isWrite()).isTrue();
        assertThat(mmio.address()).isEqualTo(0xb8008);
        assertThat(mmio.width()).isEqualTo(2);
    }

    @Test
    void hlt_isReportedAfterTheInstruction() {
        Vcpu vcpu = boot("""
                f4                   hlt
                """);

        assertThat(vcpu.run()).isInstanceOf(Exit.Halted.class);
        assertThat(vcpu.registers().rip()).isEqualTo(TinyGuest.CODE + 1);
    }

    @Test
    void invalidOpcodeWithoutAnyTable_isATripleFault() {
        Vcpu vcpu = boot("""
                0f 0b                ud2
                """);
        vcpu.setSpecialRegisters(SpecialRegistersSample.protectedModeWithoutIdt(vcpu.specialRegisters()));

        assertThat(vcpu.run()).isInstanceOf(Exit.ShutDown.class);
    }

    @Test
    void instructionThatKvmCannotEmulate_isNamedByItsBytes() {
        Vcpu vcpu = boot("""
                b8 00 b8             mov    $0xb800,%ax
                8e d8                mov    %ax,%ds
                f3 0f b8 06 00 00    popcnt 0x0,%ax
                """);

        assertThat(vcpu.run()).isInstanceOfSatisfying(Exit.InternalError.class,
                error -> assertThat(error.details().describe())
                        .startsWith("KVM could not continue (KVM_EXIT_INTERNAL_ERROR, cannot emulate the instruction")
                        .contains("f3 0f b8 06 00 00"));
    }

    @Test
    void immediateExit_interruptsBeforeTheFirstInstruction() {
        Vcpu vcpu = boot("""
                f4                   hlt
                """);
        vcpu.setImmediateExit(true);

        assertThat(vcpu.run()).isInstanceOf(Exit.Interrupted.class);
        assertThat(vcpu.registers().rip()).isEqualTo(TinyGuest.CODE);
    }

    @Test
    void immediateExit_completesThePendingAccessAndRunsNoFurther() {
        Vcpu vcpu = boot("""
                e4 10                in     $0x10,%al
                f4                   hlt
                """);
        guest.runToPort().answer(0, 0x5a);
        vcpu.setImmediateExit(true);

        assertThat(vcpu.run()).isInstanceOf(Exit.Interrupted.class);
        assertThat(vcpu.registers().rip()).isEqualTo(TinyGuest.CODE + 2);
        assertThat(vcpu.registers().rax()).isEqualTo(0x5a);
    }

    @Test
    void clearedImmediateExit_letsTheGuestRun() {
        Vcpu vcpu = boot("""
                f4                   hlt
                """);
        vcpu.setImmediateExit(true);
        vcpu.run();
        vcpu.setImmediateExit(false);

        assertThat(vcpu.run()).isInstanceOf(Exit.Halted.class);
    }
}
