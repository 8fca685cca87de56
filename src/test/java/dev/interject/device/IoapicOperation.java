package dev.interject.device;

/** Something that a guest or a device does to an IOAPIC or to the LAPIC behind it. */
sealed interface IoapicOperation {

    /** Executes it and returns the result; 0 if it has none. */
    long on(IoapicSubject ioapic);

    record Write(long offset, int width, long value) implements IoapicOperation {

        @Override
        public long on(IoapicSubject ioapic) {
            ioapic.write(offset, width, value);
            return 0;
        }

        @Override
        public String toString() {
            return "write 0x%x to offset 0x%02x, %d bytes".formatted(value, offset, width);
        }
    }

    record Read(long offset, int width) implements IoapicOperation {

        @Override
        public long on(IoapicSubject ioapic) {
            return ioapic.read(offset, width);
        }

        @Override
        public String toString() {
            return "read offset 0x%02x, %d bytes".formatted(offset, width);
        }
    }

    record Raise(int pin) implements IoapicOperation {

        @Override
        public long on(IoapicSubject ioapic) {
            return ioapic.raise(pin);
        }

        @Override
        public String toString() {
            return "raise pin " + pin;
        }
    }

    record Lower(int pin) implements IoapicOperation {

        @Override
        public long on(IoapicSubject ioapic) {
            ioapic.lower(pin);
            return 0;
        }

        @Override
        public String toString() {
            return "lower pin " + pin;
        }
    }

    /** The CPU takes an interrupt from its LAPIC and sends the EOI. */
    record TakeInterrupt() implements IoapicOperation {

        @Override
        public long on(IoapicSubject ioapic) {
            return ioapic.takeInterrupt();
        }

        @Override
        public String toString() {
            return "take the interrupt";
        }
    }

    record EnableLapic(boolean enabled) implements IoapicOperation {

        @Override
        public long on(IoapicSubject ioapic) {
            ioapic.enableLapic(enabled);
            return 0;
        }

        @Override
        public String toString() {
            return enabled ? "enable the LAPIC" : "disable the LAPIC";
        }
    }
}
