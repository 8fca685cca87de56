package dev.interject.guest.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.interject.RequiresKvm;
import dev.interject.guest.BuiltinBoot;
import dev.interject.guest.MemoryMap;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.SpecialRegisters;
import org.junit.jupiter.api.Test;

@RequiresKvm
class BootModeTest {

    /** Sets up a new vCPU in a mode, and reads back its state. */
    private static void boot(BootMode mode, Consumer<Vcpu> check) {
        try (Kvm kvm = Kvm.open();
                GuestMemory memory = GuestMemory.ofBytes(MemoryMap.RAM_BYTES);
                VirtualMachine vm = kvm.createVirtualMachine()) {
            vm.setMemory(0, memory);
            try (Vcpu vcpu = vm.createVcpu(0)) {
                List<Part> tables = new ArrayList<>();
                SpecialRegisters wanted = BuiltinBoot.start(mode, 0, tables).specialRegisters(vcpu.specialRegisters());
                tables.forEach(part -> memory.write(part.address(), part.content()));
                vcpu.setSpecialRegisters(wanted);
                assertThat(vcpu.specialRegisters()).isEqualTo(wanted);
                check.accept(vcpu);
            }
        }
    }

    @Test
    void longMode_mapsRamAndTheApicsOneToOneAndNothingElse() {
        boot(BootMode.LONG, vcpu -> {
            assertThat(vcpu.specialRegisters().inLongMode()).isTrue();
            assertThat(vcpu.translate(0)).hasValue(0);
            assertThat(vcpu.translate(0x8123)).hasValue(0x8123);
            assertThat(vcpu.translate(MemoryMap.RAM_BYTES - 1)).hasValue(MemoryMap.RAM_BYTES - 1);
            assertThat(vcpu.translate(MemoryMap.IOAPIC)).hasValue(MemoryMap.IOAPIC);
            assertThat(vcpu.translate(MemoryMap.LAPIC + 0x3f0)).hasValue(MemoryMap.LAPIC + 0x3f0);
            assertThat(vcpu.translate(MemoryMap.RAM_BYTES)).isEmpty();
            assertThat(vcpu.translate(MemoryMap.LAPIC + (2 << 20))).isEmpty();
        });
    }

    @Test
    void longMode_startsWithoutAnIdt() {
        boot(BootMode.LONG, vcpu -> assertThat(vcpu.specialRegisters().idt().limit()).isZero());
    }

    @Test
    void realMode_hasEverySegmentAtZeroAndTheTableAtZero() {
        boot(BootMode.REAL, vcpu -> {
            SpecialRegisters special = vcpu.specialRegisters();
            assertThat(special.inRealMode()).isTrue();
            assertThat(special.cs().base()).isZero();
            assertThat(special.ss().base()).isZero();
            assertThat(special.idt().base()).isZero();
            assertThat(special.idt().limit()).isGreaterThanOrEqualTo(0x3ff);
        });
    }
}
