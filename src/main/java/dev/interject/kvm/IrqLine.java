package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_irq_level;
import dev.interject.linux.Fd;
import dev.interject.linux.error.SystemCallException;

/**
 * A wire into the in-kernel interrupt controllers ({@code KVM_IRQ_LINE_STATUS}). Allocates nothing once made.
 *
 * <p>One thread may raise while another lowers; two that raise at the same time need an object each.
 */
public final class IrqLine {

    private final Fd vm;
    private final int gsi;
    private final MemorySegment high;
    private final MemorySegment low;

    IrqLine(Fd vm, int gsi) {
        this.vm = vm;
        this.gsi = gsi;
        Arena arena = Arena.ofAuto();
        this.high = arena.allocate(kvm_irq_level.layout());
        this.low = arena.allocate(kvm_irq_level.layout());
    }

    public int gsi() {
        return gsi;
    }

    /**
     * Takes the line high.
     *
     * @return below 0: ignored (masked, or no route); 0: coalesced with one that is still pending; above 0: how many
     *         controllers took it, which does not say that the guest did.
     * @throws SystemCallException {@code KVM_IRQ_LINE_STATUS: ENXIO …} where no controller is in the kernel
     */
    public int raise() {
        return set(high, 1);
    }

    /** Takes the line low. What the kernel reports of it means nothing. */
    public void lower() {
        set(low, 0);
    }

    private int set(MemorySegment level, int value) {
        // the kernel writes the status over the GSI: both are one union
        kvm_irq_level.irq(level, gsi);
        kvm_irq_level.level(level, value);
        vm.ioctl(KvmRequest.KVM_IRQ_LINE_STATUS, level);
        return kvm_irq_level.status(level);
    }
}
