package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_irq_level;
import dev.interject.linux.Failure;
import dev.interject.linux.Fd;
import dev.interject.linux.error.SystemCallException;

/**
 * A line to the in-kernel interrupt controllers ({@code KVM_IRQ_LINE_STATUS}, api.rst 4.25).
 *
 * <p>One thread may raise it while another lowers it; two threads that raise at the same time need an object each.
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

    /** The line's GSI. */
    public int gsi() {
        return gsi;
    }

    /**
     * Raises the line.
     *
     * @return below 0: ignored (masked, or no route); 0: coalesced with one that is still pending; above 0: the number
     *         of controllers that accepted it, which does not mean that the guest took it
     * @throws SystemCallException   {@code KVM_IRQ_LINE_STATUS: ENXIO …} where no controller is in the kernel
     * @throws IllegalStateException after the VM was closed
     */
    public int raise() {
        return set(high, 1);
    }

    /** Lowers the line. The kernel's status of this is meaningless. */
    public void lower() {
        set(low, 0);
    }

    private int set(MemorySegment level, int value) {
        // the kernel overwrites the GSI with the status: both are one union
        kvm_irq_level.irq(level, gsi);
        kvm_irq_level.level(level, value);
        int result = vm.tryIoctl(KvmRequest.KVM_IRQ_LINE_STATUS, level);
        if (result < 0) {
            throw Failure.of(KvmRequest.KVM_IRQ_LINE_STATUS.name(), -result);
        }
        return kvm_irq_level.status(level);
    }
}
