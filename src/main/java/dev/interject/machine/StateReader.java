package dev.interject.machine;

import java.util.List;
import java.util.Optional;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.Redirection;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.DescriptorTables;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.IoapicRegisters;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.PicRegisters;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.machine.vcpu.LinearMemory;

/** Gathers a {@link GuestState} from the kernel and from guest memory. On the vCPU's thread; changes nothing. */
final class StateReader {

    /** 256 gates of 16 bytes: the largest table that a CPU reads. */
    private static final int LARGEST_IDT = 4096;
    /** Far more segments than a guest of ours has. */
    private static final int LARGEST_GDT = 4096;
    private static final int TSS_BYTES = 104;

    private final int number;
    private final Vcpu vcpu;
    private final LinearMemory memory;

    StateReader(int number, Vcpu vcpu, GuestMemory memory) {
        this.number = number;
        this.vcpu = vcpu;
        this.memory = new LinearMemory(vcpu, memory);
    }

    /**
     * @param vcpus      how many there are
     * @param haltedHere whether the vCPU sleeps, where HLT comes to us
     * @param routes     where the GSIs lead
     * @param linesHigh  the lines that we hold high
     */
    GuestState read(Irqchip irqchip, int vcpus, boolean haltedHere, Controllers controllers, List<GsiRoute> routes,
            int linesHigh) {
        SpecialRegisters special = vcpu.specialRegisters();
        MpState activity = vcpu.mpState();
        boolean halted = irqchip == Irqchip.USERSPACE ? haltedHere : activity == MpState.HALTED;
        Optional<LapicRegisters> lapic =
                irqchip.hasLapicInKernel() ? Optional.of(vcpu.lapicRegisters()) : Optional.empty();
        return new GuestState(irqchip, number, vcpus, activity, vcpu.registers(), special, vcpu.events(),
                vcpu.readyForInterruptInjection(), halted, controllers.master(), controllers.slave(),
                controllers.ioapic(), lapic, routes, linesHigh, tables(special));
    }

    private DescriptorTables tables(SpecialRegisters special) {
        byte[] idt = table(special, special.idt().base(), Math.min(special.idt().limit() + 1, LARGEST_IDT));
        byte[] gdt = table(special, special.gdt().base(), Math.min(special.gdt().limit() + 1, LARGEST_GDT));
        int tssBytes = Math.min(special.tr().limit() + 1, TSS_BYTES);
        return new DescriptorTables(idt, gdt,
                special.inLongMode() ? table(special, special.tr().base(), tssBytes) : new byte[0]);
    }

    /** As many of the bytes as are mapped. */
    private byte[] table(SpecialRegisters special, long base, int length) {
        return memory.read(special, base, length);
    }

    static IoapicState ioapicState(IoapicRegisters ioapic) {
        return new IoapicState(ioapic.irr(), ioapic.entries().stream().map(Redirection::new).toList());
    }

    static PicState picState(PicRegisters pic) {
        return new PicState(pic.lastIrr(), pic.irr(), pic.imr(), pic.isr(), pic.priorityAdd(), pic.irqBase(),
                pic.readRegSelect() != 0, pic.poll() != 0, pic.specialMask() != 0, pic.initState(), pic.autoEoi() != 0,
                pic.rotateOnAutoEoi() != 0, pic.specialFullyNestedMode() != 0, pic.init4() != 0, pic.elcr(),
                pic.elcrMask());
    }

    static PicRegisters picRegisters(PicState pic) {
        return new PicRegisters(pic.lastIrr(), pic.irr(), pic.imr(), pic.isr(), pic.priorityAdd(), pic.irqBase(),
                bit(pic.readRegSelect()), bit(pic.poll()), bit(pic.specialMask()), pic.initState(), bit(pic.autoEoi()),
                bit(pic.rotateOnAutoEoi()), bit(pic.specialFullyNested()), bit(pic.init4()), pic.elcr(),
                pic.elcrMask());
    }

    private static int bit(boolean set) {
        return set ? 1 : 0;
    }
}
