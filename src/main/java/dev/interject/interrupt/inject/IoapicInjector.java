package dev.interject.interrupt.inject;

import dev.interject.interrupt.Trigger;

/** A pin of the IOAPIC in user space, which sends a message to a LAPIC in the kernel. */
public final class IoapicInjector implements Injector {

    private final IoapicController ioapic;
    private final int pin;
    private final Trigger trigger;
    private final LineLevels wires;

    /** @param wires keeps which lines are held high */
    public IoapicInjector(IoapicController ioapic, int pin, Trigger trigger, LineLevels wires) {
        this.wires = wires;
        this.ioapic = ioapic;
        this.pin = pin;
        this.trigger = trigger;
    }

    @Override
    public int inject() {
        if (trigger == Trigger.EDGE) {
            return ioapic.pulse(pin);
        }
        wires.set(pin, true);
        return ioapic.setPin(pin, true);
    }

    @Override
    public void release() {
        if (trigger == Trigger.LEVEL) {
            ioapic.setPin(pin, false);
            wires.set(pin, false);
        }
    }
}
