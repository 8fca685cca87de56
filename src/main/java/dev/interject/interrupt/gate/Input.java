package dev.interject.interrupt.gate;

import dev.interject.interrupt.state.ControllerState;

/**
 * Where a branch enters the interrupt controllers.
 *
 * @param chip which of them
 * @param pin  its pin: 0–15 of the 8259 pair, 0–23 of the IOAPIC; 0 where there is none
 */
public record Input(Chip chip, int pin) {

    /** What has inputs. */
    public enum Chip {
        /** The pair of 8259s. */
        PIC,
        /** The IOAPIC. */
        IOAPIC,
        /** A LAPIC: by a message, an IPI, or its own timer. */
        LAPIC,
        /** A CPU: a vector of {@code KVM_INTERRUPT}, or an NMI. */
        CPU
    }

    static Input pic(int line) {
        return new Input(Chip.PIC, line);
    }

    static Input ioapic(int pin) {
        return new Input(Chip.IOAPIC, pin);
    }

    static Input lapic() {
        return new Input(Chip.LAPIC, 0);
    }

    static Input cpu() {
        return new Input(Chip.CPU, 0);
    }

    /** As text, such as "slave 8259, pin 2". */
    @Override
    public String toString() {
        return switch (chip) {
            case PIC -> "%s 8259, pin %d".formatted(PicGates.chipName(pin), pin % ControllerState.LINES_PER_PIC);
            case IOAPIC -> "IOAPIC, pin " + pin;
            case LAPIC -> "LAPIC";
            case CPU -> "vCPU";
        };
    }
}
