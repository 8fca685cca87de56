package dev.interject.machine.vcpu;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.PortIo;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.SpecialRegisters;

/**
 * Instructions that are replaced by an OUT to a port of its own, whose exit stops the guest: breakpoints for hosts on
 * which neither debug registers nor INT3 ({@code KVM_GUESTDBG_USE_SW_BP}) stop it. For ring 0.
 */
final class PatchedCode {

    /** No device of a PC has it. */
    private static final int PORT = 0xf1;
    private static final byte[] OUT = {(byte) 0xe6, (byte) PORT};

    /** The length of a patch. */
    static final int BYTES = OUT.length;

    /** A byte that was replaced, by its guest-physical address. */
    private record Replaced(long address, byte original, byte patch) {}

    private final Vcpu vcpu;
    private final GuestMemory memory;
    private final LinearMemory linear;
    private final List<Replaced> replaced = new ArrayList<>();
    private List<Long> breakpoints = List.of();
    private OptionalInt hit = OptionalInt.empty();

    PatchedCode(Vcpu vcpu, GuestMemory memory) {
        this.vcpu = vcpu;
        this.memory = memory;
        this.linear = new LinearMemory(vcpu, memory);
    }

    /** Whether a patch at an address would change the instruction at another. */
    static boolean covers(long patch, long instruction) {
        return instruction >= patch && instruction < patch + BYTES;
    }

    /**
     * Replaces the instructions at these linear addresses, except where that would change the next one.
     *
     * @param handlerIsFirst whether that is executed only after a handler, and so may be replaced
     */
    void insert(List<Long> addresses, boolean handlerIsFirst) {
        breakpoints = addresses;
        hit = OptionalInt.empty();
        SpecialRegisters special = vcpu.specialRegisters();
        long next = LinearMemory.next(vcpu);
        for (long address : addresses) {
            if (handlerIsFirst || !covers(address, next)) {
                for (int i = 0; i < BYTES; i++) {
                    replace(linear.physical(special, address + i), OUT[i]);
                }
            }
        }
    }

    private void replace(OptionalLong physical, byte patch) {
        if (physical.isPresent() && memory.contains(physical.getAsLong(), 1)) {
            long address = physical.getAsLong();
            replaced.add(new Replaced(address, memory.read(address, 1)[0], patch));
            memory.write(address, new byte[]{patch});
        }
    }

    /** Restores the instructions, except where the guest has overwritten the patch. */
    void remove() {
        for (Replaced one : replaced.reversed()) {
            if (memory.read(one.address(), 1)[0] == one.patch()) {
                memory.write(one.address(), new byte[]{one.original()});
            }
        }
        replaced.clear();
    }

    /** Whether a patch made this access; the guest may write to the port as well. */
    boolean isHit(PortIo access) {
        if (replaced.isEmpty() || !access.isWrite() || access.port() != PORT) {
            return false;
        }
        long next = LinearMemory.next(vcpu); // some back-ends have moved RIP past the OUT already, some have not
        int index = breakpoints.indexOf(next);
        index = index < 0 ? breakpoints.indexOf(next - BYTES) : index;
        hit = index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
        return index >= 0;
    }

    /** The index of the breakpoint that stopped the last entry. */
    OptionalInt hit() {
        return hit;
    }
}
