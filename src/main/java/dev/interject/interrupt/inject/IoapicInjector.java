package dev.interject.interrupt.inject;

import dev.interject.interrupt.Trigger;

/** A pin of the IOAPIC in user space, which sends a message to a LAPIC in the kernel. */
public final class IoapicInjector implements Injector {

    private final IoapicController ioapic;
    private final int pin;
    private final Trigger trigger;
    private final LineLevels levels;

    /** @param levels records the lines that are held high */
    public IoapicInjector(IoapicController ioapic, int pin, Trigger trigger, LineLevels levels) {
        this.levels = levels;
        this.ioapic = ioapic;
        this.pin = pin;
        this.trigger = trigger;
    }

    @Override
    public int inject() {
        if (trigger == Trigger.EDGE) {
            return ioapic.pulse(pin);
        }
        levels.set(pin, true);
        return ioapic.setPin(pin, true);
    }

    @Override
    public void release() {
        if (trigger == Trigger.LEVEL) {
            ioapic.setPin(pin, false);
            levels.set(pin, false);
        }
    }
}
