package dev.interject.machine.vcpu;

import java.util.Arrays;
import java.util.OptionalLong;

import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.SpecialRegisters;

/** Guest RAM at linear addresses, through the page tables of one vCPU as they are now. On the vCPU's thread. */
public record LinearMemory(Vcpu vcpu, GuestMemory memory) {

    private static final int PAGE = 4096;

    /** Bytes; fewer than requested if the rest is not mapped or not RAM. */
    public byte[] read(SpecialRegisters special, long address, int length) {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            long linear = address + done;
            int part = (int) Math.min(length - done, PAGE - (linear & (PAGE - 1)));
            OptionalLong physical = physical(special, linear);
            if (physical.isEmpty() || !memory.contains(physical.getAsLong(), part)) {
                return Arrays.copyOf(bytes, done);
            }
            System.arraycopy(memory.read(physical.getAsLong(), part), 0, bytes, done, part);
            done += part;
        }
        return bytes;
    }

    /** Changes one byte if it is in RAM; returns whether it is. */
    public boolean write(SpecialRegisters special, long address, byte value) {
        OptionalLong physical = physical(special, address);
        if (physical.isEmpty() || !memory.contains(physical.getAsLong(), 1)) {
            return false;
        }
        memory.write(physical.getAsLong(), new byte[]{value});
        return true;
    }

    /** The linear address of a vCPU's next instruction. */
    static long next(Vcpu vcpu) {
        return vcpu.specialRegisters().linearOfCode(vcpu.registers().rip());
    }

    /** The guest-physical address; empty if nothing is mapped. */
    OptionalLong physical(SpecialRegisters special, long linear) {
        return special.inRealMode() ? OptionalLong.of(linear) : vcpu.translate(linear);
    }
}
