package dev.interject.kvm.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.interject.bindings.NativeHeaders;

/** A route of a GSI ({@code struct kvm_irq_routing_entry}, api.rst 4.52); one GSI may have several. */
public sealed interface GsiRoute {

    /** The largest GSI that the kernel's routing table has room for. */
    int LARGEST_GSI = 4095;

    /** How many pins each of the two PICs has. */
    int PINS_A_PIC = 8;

    /** The GSI, 0 to {@value #LARGEST_GSI}. */
    int gsi();

    /**
     * A route to a pin of a controller in the kernel.
     *
     * @param gsi  the GSI
     * @param chip {@code KVM_IRQCHIP_*}: 0 master PIC, 1 slave PIC, 2 IOAPIC
     * @param pin  the controller's pin, 0 to 23
     */
    record ToPin(int gsi, int chip, int pin) implements GsiRoute {

        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if one is out of range
         */
        public ToPin {
            Range.check("the GSI", gsi, LARGEST_GSI);
            Range.check("the chip", chip, NativeHeaders.KVM_IRQCHIP_IOAPIC());
            Range.check("the pin", pin, NativeHeaders.KVM_IOAPIC_NUM_PINS() - 1);
        }

        /** To a line of the two PICs, 0 to 15. */
        public static ToPin ofPic(int gsi, int line) {
            return line < PINS_A_PIC
                    ? new ToPin(gsi, NativeHeaders.KVM_IRQCHIP_PIC_MASTER(), line)
                    : new ToPin(gsi, NativeHeaders.KVM_IRQCHIP_PIC_SLAVE(), line - PINS_A_PIC);
        }

        /** To a pin of the IOAPIC. */
        public static ToPin ofIoapic(int gsi, int pin) {
            return new ToPin(gsi, NativeHeaders.KVM_IRQCHIP_IOAPIC(), pin);
        }

        /** Whether the pin is the IOAPIC's, not one of a PIC. */
        public boolean isOfIoapic() {
            return chip == NativeHeaders.KVM_IRQCHIP_IOAPIC();
        }
    }

    /**
     * A route to a message.
     *
     * @param gsi     the GSI
     * @param message what a signal of the GSI sends
     */
    record ToMessage(int gsi, MsiMessage message) implements GsiRoute {

        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException if it is out of range
         */
        public ToMessage {
            Range.check("the GSI", gsi, LARGEST_GSI);
            Objects.requireNonNull(message, "message");
        }
    }

    /**
     * The table that {@code KVM_CREATE_IRQCHIP} sets: GSIs 0 to 15 to the PICs and the IOAPIC, the rest to the IOAPIC.
     */
    static List<GsiRoute> standard() {
        List<GsiRoute> routes = new ArrayList<>();
        for (int gsi = 0; gsi < NativeHeaders.KVM_IOAPIC_NUM_PINS(); gsi++) {
            if (gsi < 2 * PINS_A_PIC) {
                routes.add(ToPin.ofPic(gsi, gsi));
            }
            routes.add(ToPin.ofIoapic(gsi, gsi));
        }
        return routes;
    }
}
