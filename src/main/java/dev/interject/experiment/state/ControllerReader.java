package dev.interject.experiment.state;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.device.Ioapic;
import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.PitAccess;
import dev.interject.device.PitChannel;
import dev.interject.device.PitState;
import dev.interject.device.Redirection;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.PeerState;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.structure.RawStructures;

/** The controllers that the vCPUs share. */
final class ControllerReader {

    private static final int BYTE = 0xff;
    private static final int WORD = 0xffff;
    private static final int LINES = 32;
    private static final int LARGEST_PIN = Ioapic.PINS - 1;
    private static final String STANDARD = "standard";
    private static final List<String> CHIPS = List.of("master", "slave", "ioapic");

    private final Fields state;
    private final Irqchip irqchip;
    private final EnumSet<Piece> lacking;
    private final List<Optional<byte[]>> rawChips;

    /** @param lacking what the state lacks; this adds to it */
    ControllerReader(Fields state, Irqchip irqchip, EnumSet<Piece> lacking) {
        this.state = state;
        this.irqchip = irqchip;
        this.lacking = lacking;
        this.rawChips = rawChips();
    }

    /** The three structures of {@code KVM_GET_IRQCHIP}, in the order of their numbers. */
    private List<Optional<byte[]>> rawChips() {
        List<Optional<byte[]>> chips = new ArrayList<>(List.of(Optional.empty(), Optional.empty(), Optional.empty()));
        List<byte[]> raw = state.byteStrings("kvm_irqchip");
        for (int i = 0; i < raw.size(); i++) {
            byte[] bytes = raw.get(i);
            String name = "kvm_irqchip/" + i;
            int chip = state.checked(name, () -> RawStructures.chip(bytes));
            if (chip < 0 || chip >= chips.size() || chips.get(chip).isPresent()) {
                throw state.invalid(name, "chip_id %d is none of KVM's, or that of an earlier one".formatted(chip),
                        "give KVM_GET_IRQCHIP's structures of chips 0, 1 and 2, each once");
            }
            chips.set(chip, Optional.of(bytes));
        }
        return chips;
    }

    /** The controllers as a vCPU sees them. */
    ControllerState read(PeerState vcpu) {
        PicState master = pic(0, Piece.ofMaster(), PicState.LEVEL_LINES_OF_MASTER);
        PicState slave = pic(1, Piece.ofSlave(), PicState.LEVEL_LINES_OF_SLAVE);
        return new ControllerState(master, slave, ioapic(), vcpu.lapic(), vcpu.deadline(), pit(), held(), routes(),
                linesHigh());
    }

    /** @param pieces in the order of {@link Piece} */
    private PicState pic(int chip, List<Piece> pieces, int levelLines) {
        String name = CHIPS.get(chip);
        Optional<byte[]> raw = rawChips.get(chip);
        Optional<Fields> fields = state.object(name);
        VcpuReader.requireOne(state, "kvm_irqchip", raw.isPresent(), fields.isPresent(), name);
        if (raw.isPresent()) {
            return state.checked("kvm_irqchip", () -> RawStructures.pic(raw.get()));
        }
        if (state.isNull(name)) {
            throw state.invalid(name, "every machine of KVM has 8259s", "leave it out if it is not known");
        }
        Optional<Fields> pic = fields;
        return new PicStateReader(pic, name, pieces, lacking, state).read(levelLines);
    }

    private Optional<IoapicState> ioapic() {
        Optional<byte[]> raw = rawChips.get(2);
        Optional<Fields> fields = state.object("ioapic");
        VcpuReader.requireOne(state, "kvm_irqchip", raw.isPresent(), fields.isPresent(), "ioapic");
        if (raw.isPresent()) {
            return Optional.of(state.checked("kvm_irqchip", () -> RawStructures.ioapic(raw.get())));
        }
        if (fields.isPresent()) {
            return Optional.of(ioapic(fields.get()));
        }
        if (irqchip == Irqchip.USERSPACE) {
            return Optional.empty();
        }
        if (state.isNull("ioapic")) {
            throw state.invalid("ioapic", "irqchip %s has an IOAPIC".formatted(irqchip),
                    "leave it out if it is not known");
        }
        lacking.add(Piece.IOAPIC);
        return Optional.of(new IoapicState(0, Stream.generate(() -> Redirection.RESET).limit(Ioapic.PINS).toList()));
    }

    private static IoapicState ioapic(Fields ioapic) {
        int irr = ioapic.number("irr", (1 << Ioapic.PINS) - 1)
                .orElseThrow(() -> ioapic.invalid("irr", "is missing", "write the pins that request an interrupt"));
        List<Fields> pins = ioapic.objects("pins").orElse(List.of());
        Redirection[] entries = new Redirection[Ioapic.PINS];
        for (Fields pin : pins) {
            pin.skip("vector", "mode", "destinationMode", "destination", "polarity", "trigger", "masked", "remoteIrr",
                    "deliveryPending");
            int number = pin.number("pin", LARGEST_PIN)
                    .orElseThrow(() -> pin.invalid("pin", "is missing", "write the pin's number"));
            if (entries[number] != null) {
                throw pin.invalid("pin", "pin %d is given twice".formatted(number), "give each pin once");
            }
            entries[number] = new Redirection(pin.number("entry")
                    .orElseThrow(() -> pin.invalid("entry", "is missing", "write all 64 bits of the entry")));
        }
        if (pins.size() < Ioapic.PINS) {
            throw ioapic.invalid("pins", "has %d of %d pins".formatted(pins.size(), Ioapic.PINS), "give all of them");
        }
        return new IoapicState(irr, List.of(entries));
    }

    private Optional<PitState> pit() {
        Optional<byte[]> raw = state.bytes("kvm_pit_state2");
        Optional<Fields> fields = state.object("pit");
        VcpuReader.requireOne(state, "kvm_pit_state2", raw.isPresent(), fields.isPresent(), "pit");
        if (raw.isPresent()) {
            return Optional.of(state.checked("kvm_pit_state2", () -> RawStructures.pit(raw.get())));
        }
        if (fields.isEmpty() && !state.isNull("pit") && irqchip == Irqchip.KERNEL) {
            lacking.add(Piece.PIT);
        }
        return fields.map(pit -> pit.checked("channels", () -> new PitState(pit.objects("channels")
                .orElse(List.of())
                .stream()
                .map(ControllerReader::channel)
                .toList(), pit.number32("flags").orElse(0))));
    }

    private static PitChannel channel(Fields channel) {
        PitAccess access = new PitAccess(channel.number("rwMode", BYTE).orElse(0),
                channel.number("readState", BYTE).orElse(0), channel.number("writeState", BYTE).orElse(0),
                channel.number("writeLatch", BYTE).orElse(0), channel.number("countLatched", BYTE).orElse(0),
                channel.number("latchedCount", WORD).orElse(0), channel.flag("statusLatched").orElse(false),
                channel.number("status", BYTE).orElse(0));
        return channel.checked("count", () -> new PitChannel(
                channel.number("count", PitChannel.LARGEST_COUNT).orElse(PitChannel.LARGEST_COUNT),
                channel.number("mode", BYTE).orElse(PitChannel.NO_MODE), channel.flag("bcd").orElse(false),
                channel.flag("gate").orElse(true), channel.number("loadTimeNanos").orElse(0), access));
    }

    private OptionalInt held() {
        OptionalInt held = state.number("heldByKvm", BYTE);
        if (held.isEmpty() && !state.isNull("heldByKvm") && irqchip == Irqchip.SPLIT) {
            lacking.add(Piece.HELD);
        }
        return held;
    }

    private List<GsiRoute> routes() {
        Optional<byte[]> raw = state.bytes("kvm_irq_routing");
        if (raw.isEmpty() && irqchip == Irqchip.KERNEL && state.isText("routes", STANDARD)) {
            return GsiRoute.standard();
        }
        Optional<List<Fields>> fields = state.objects("routes");
        VcpuReader.requireOne(state, "kvm_irq_routing", raw.isPresent(), fields.isPresent(), "routes");
        if (raw.isPresent()) {
            return state.checked("kvm_irq_routing", () -> checked(RawStructures.routes(raw.get())));
        }
        if (fields.isEmpty() && irqchip != Irqchip.USERSPACE) {
            lacking.add(Piece.ROUTES);
        }
        return fields.map(all -> all.stream().map(this::route).toList())
                .orElseGet(() -> irqchip == Irqchip.KERNEL ? GsiRoute.standard() : List.of());
    }

    /** KVM refuses a pin that an 8259 does not have. */
    private static List<GsiRoute> checked(List<GsiRoute> routes) {
        for (GsiRoute route : routes) {
            if (route instanceof GsiRoute.ToPin pin && !pin.isOfIoapic() && pin.pin() >= GsiRoute.PINS_A_PIC) {
                throw new IllegalArgumentException("an 8259 has pins 0 to 7, not %d".formatted(pin.pin()));
            }
        }
        return routes;
    }

    private GsiRoute route(Fields route) {
        int gsi = route.number("gsi", GsiRoute.LARGEST_GSI)
                .orElseThrow(() -> route.invalid("gsi", "is missing", "write the GSI"));
        String to = route.text("to")
                .orElseThrow(() -> route.invalid("to", "is missing", "write master, slave, ioapic or message"));
        if (to.equals("message")) {
            return new GsiRoute.ToMessage(gsi, new MsiMessage(
                    route.number32("address")
                            .orElseThrow(() -> route.invalid("address", "is missing", "write where it goes")),
                    route.number32("data").orElseThrow(() -> route.invalid("data", "is missing", "write 32 bits"))));
        }
        int chip = CHIPS.indexOf(to);
        if (chip < 0) {
            throw route.invalid("to", "there is no controller '%s'".formatted(to),
                    "write master, slave, ioapic or message");
        }
        int pin = route.number("pin", chip == 2 ? LARGEST_PIN : GsiRoute.PINS_A_PIC - 1)
                .orElseThrow(() -> route.invalid("pin", "is missing", "write the controller's pin"));
        return new GsiRoute.ToPin(gsi, chip, pin);
    }

    private int linesHigh() {
        Optional<Set<Integer>> lines = state.numbers("linesHigh", LINES - 1);
        if (lines.isEmpty()) {
            lacking.add(Piece.LINES_HIGH);
        }
        return new HashSet<>(lines.orElse(Set.of())).stream().mapToInt(line -> 1 << line).reduce(0, (a, b) -> a | b);
    }
}
