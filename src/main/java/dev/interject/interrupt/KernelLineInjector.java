package dev.interject.interrupt;

import dev.interject.kvm.IrqLine;

/** The modern way: pulls a wire into the kernel's controllers ({@code KVM_IRQ_LINE_STATUS}). */
public final class KernelLineInjector implements Injector {

    private final IrqLine line;
    private final Trigger trigger;
    private final Wires wires;

    /** @param wires keeps which lines are held high */
    public KernelLineInjector(IrqLine line, Trigger trigger, Wires wires) {
        this.line = line;
        this.trigger = trigger;
        this.wires = wires;
    }

    @Override
    public int inject() {
        if (trigger == Trigger.LEVEL) {
            wires.set(line.gsi(), true);
            return line.raise();
        }
        int status = line.raise();
        line.lower();
        return status;
    }

    @Override
    public void release() {
        if (trigger == Trigger.LEVEL) {
            line.lower();
            wires.set(line.gsi(), false);
        }
    }
}
