package dev.interject.experiment.setting;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.interject.interrupt.Irqchip;
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
        return "none, or pic:N (0 to 15), ioapic:N (0 to 23), msi:ADDRESS:DATA; at most one pin of each 8259 and of the"
                + " IOAPIC, or one message alone";
    }

    @Override
    public List<Target> parse(String text) {
        if (text.equals(NONE)) {
            return List.of();
        }
        List<Target> targets = Arrays.stream(text.split(",", -1)).map(Target::parse).toList();
        if (!isOneOfEachController(targets)) {
            throw new IllegalArgumentException(text);
        }
        return targets;
    }

    /** KVM leads a GSI to one pin of a controller, and to a message only if to nothing else. */
    private static boolean isOneOfEachController(List<Target> targets) {
        boolean hasMessage = targets.stream().anyMatch(Target.Message.class::isInstance);
        return !hasMessage && targets.stream().map(Target::controller).distinct().count() == targets.size()
                || targets.size() == 1;
    }

    @Override
    public Optional<String> refusalOn(Irqchip irqchip, List<Target> targets) {
        boolean areMessages = targets.stream().allMatch(Target.Message.class::isInstance);
        return areMessages || irqchip == Irqchip.KERNEL ? Optional.empty()
                : Optional.of("with irqchip %s the kernel has no 8259s and no IOAPIC: a GSI leads to msi:ADDRESS:DATA"
                        .formatted(irqchip) + " or none");
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

        /** The number of the controller in the kernel; below 0 for a message. */
        default int controller() {
            return from(0) instanceof GsiRoute.ToPin pin ? pin.chip() : -1;
        }

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
