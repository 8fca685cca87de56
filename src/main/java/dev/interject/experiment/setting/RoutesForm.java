package dev.interject.experiment.setting;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import dev.interject.interrupt.state.ControllerState;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.PicChip;

/** Where a GSI leads: pins and messages, all of its routes together. */
record RoutesForm() implements ValueForm<List<RoutesForm.Target>> {

    private static final String NONE = "none";

    @Override
    public String unit() {
        return "routes, separated by commas";
    }

    @Override
    public String range() {
        return "none, or pic:N (0 to 15), ioapic:N (0 to 23), msi:ADDRESS:DATA";
    }

    @Override
    public List<Target> parse(String text) {
        return text.equals(NONE) ? List.of() : Arrays.stream(text.split(",", -1)).map(Target::parse).toList();
    }

    @Override
    public String format(List<Target> routes) {
        return routes.isEmpty() ? NONE
                : routes.stream().map(Target::toString).sorted().collect(Collectors.joining(","));
    }

    /** What a GSI is routed to. */
    sealed interface Target {

        int PIC_LINES = 2 * ControllerState.LINES_PER_PIC;
        int IOAPIC_PINS = 24;
        long LARGEST_WORD = 0xffffffffL;

        /** A line of the 8259s, 0 to 15. */
        record Pic(int line) implements Target {
            @Override
            public String toString() {
                return "pic:" + line;
            }
        }

        /** A pin of the IOAPIC, 0 to 23. */
        record IoapicPin(int pin) implements Target {
            @Override
            public String toString() {
                return "ioapic:" + pin;
            }
        }

        /** A message. */
        record Message(MsiMessage message) implements Target {
            @Override
            public String toString() {
                return "msi:0x%x:0x%x".formatted(message.address(), message.data());
            }
        }

        /** @throws IllegalArgumentException if the text is no target */
        static Target parse(String text) {
            String[] parts = text.split(":", -1);
            if (parts.length != (parts[0].equals("msi") ? 3 : 2)) {
                throw new IllegalArgumentException(text);
            }
            return switch (parts[0]) {
                case "pic" -> new Pic(number(parts[1], PIC_LINES - 1));
                case "ioapic" -> new IoapicPin(number(parts[1], IOAPIC_PINS - 1));
                case "msi" ->
                    new Message(new MsiMessage(number(parts[1], LARGEST_WORD), number(parts[2], LARGEST_WORD)));
                default -> throw new IllegalArgumentException(text);
            };
        }

        private static int number(String text, long most) {
            if (!Numbers.isWithin(text, most)) {
                throw new IllegalArgumentException(text);
            }
            return (int) Numbers.parse(text);
        }

        /** The target of an entry of the routing table. */
        static Target of(GsiRoute route) {
            return switch (route) {
                case GsiRoute.ToPin pin when pin.isOfIoapic() -> new IoapicPin(pin.pin());
                case GsiRoute.ToPin(int _, int chip, int pin) ->
                    new Pic(chip == PicChip.SLAVE.number() ? pin + ControllerState.LINES_PER_PIC : pin);
                case GsiRoute.ToMessage(int _, MsiMessage message) -> new Message(message);
            };
        }

        /** The entry that leads a GSI here. */
        default GsiRoute from(int gsi) {
            return switch (this) {
                case Pic(int line) -> GsiRoute.ToPin.ofPic(gsi, line);
                case IoapicPin(int pin) -> GsiRoute.ToPin.ofIoapic(gsi, pin);
                case Message(MsiMessage message) -> new GsiRoute.ToMessage(gsi, message);
            };
        }
    }
}
