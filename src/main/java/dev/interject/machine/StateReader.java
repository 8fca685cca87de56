package dev.interject.machine;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.Redirection;
import dev.interject.interrupt.GuestState;
import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.DescriptorTable;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.IoapicRegisters;
import dev.interject.kvm.LapicRegisters;
import dev.interject.kvm.MpState;
import dev.interject.kvm.PicRegisters;
import dev.interject.kvm.SpecialRegisters;
import dev.interject.kvm.Vcpu;

/** Gathers a {@link GuestState} from the kernel and from guest memory. On the vCPU's thread; changes nothing. */
final class StateReader {

    /** 256 gates of 16 bytes: the largest table that a CPU reads. */
    private static final int LARGEST_IDT = 4096;
    private static final int PAGE = 4096;

    private final int number;
    private final Vcpu vcpu;
    private final GuestMemory memory;

    StateReader(int number, Vcpu vcpu, GuestMemory memory) {
        this.number = number;
        this.vcpu = vcpu;
        this.memory = memory;
    }

    /**
     * @param vcpus      how many there are
     * @param haltedHere whether the vCPU sleeps, where HLT comes to us
     */
    GuestState read(Irqchip irqchip, int vcpus, boolean haltedHere, Controllers controllers) {
        SpecialRegisters special = vcpu.specialRegisters();
        MpState activity = vcpu.mpState();
        boolean halted = irqchip == Irqchip.USERSPACE ? haltedHere : activity == MpState.HALTED;
        Optional<LapicRegisters> lapic =
                irqchip.hasLapicInKernel() ? Optional.of(vcpu.lapicRegisters()) : Optional.empty();
        return new GuestState(irqchip, number, vcpus, activity, vcpu.registers(), special, vcpu.events(),
                vcpu.readyForInterruptInjection(), halted, controllers.master(), controllers.slave(),
                controllers.ioapic(), lapic, table(special));
    }

    /** The bytes of the interrupt table, through the guest's page tables, as far as they are mapped. */
    private byte[] table(SpecialRegisters special) {
        DescriptorTable idt = special.idt();
        byte[] bytes = new byte[Math.min(idt.limit() + 1, LARGEST_IDT)];
        int done = 0;
        while (done < bytes.length) {
            long linear = idt.base() + done;
            int length = (int) Math.min(bytes.length - done, PAGE - (linear & (PAGE - 1)));
            OptionalLong physical = special.inRealMode() ? OptionalLong.of(linear) : vcpu.translate(linear);
            if (physical.isEmpty() || !memory.contains(physical.getAsLong(), length)) {
                return Arrays.copyOf(bytes, done);
            }
            System.arraycopy(memory.read(physical.getAsLong(), length), 0, bytes, done, length);
            done += length;
        }
        return bytes;
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
}
