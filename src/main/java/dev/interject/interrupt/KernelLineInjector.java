package dev.interject.interrupt;

import dev.interject.kvm.IrqLine;

/** The modern way: pulls a wire into the kernel's controllers ({@code KVM_IRQ_LINE_STATUS}). */
public final class KernelLineInjector implements Injector {

    private final IrqLine line;
    private final Trigger trigger;

    public KernelLineInjector(IrqLine line, Trigger trigger) {
        this.line = line;
        this.trigger = trigger;
    }

    @Override
    public int inject() {
        int status = line.raise();
        if (trigger == Trigger.EDGE) {
            line.lower();
        }
        return status;
    }

    @Override
    public void release() {
        if (trigger == Trigger.LEVEL) {
            line.lower();
        }
    }
}
