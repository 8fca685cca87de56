package dev.interject.interrupt;

/** A pin of our own IOAPIC, which sends a message to a LAPIC in the kernel. */
public final class IoapicInjector implements Injector {

    private final IoapicController ioapic;
    private final int pin;
    private final Trigger trigger;

    public IoapicInjector(IoapicController ioapic, int pin, Trigger trigger) {
        this.ioapic = ioapic;
        this.pin = pin;
        this.trigger = trigger;
    }

    @Override
    public int inject() {
        return switch (trigger) {
            case EDGE -> ioapic.pulse(pin);
            case LEVEL -> ioapic.setPin(pin, true);
        };
    }

    @Override
    public void release() {
        if (trigger == Trigger.LEVEL) {
            ioapic.setPin(pin, false);
        }
    }
}
