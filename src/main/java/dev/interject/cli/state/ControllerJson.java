package dev.interject.cli.state;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.PitAccess;
import dev.interject.device.PitChannel;
import dev.interject.device.PitState;
import dev.interject.device.Redirection;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.MsiMessage;

/** The interrupt controllers that a machine's vCPUs share, as fields of a JSON object. */
public final class ControllerJson {

    /** By the number in bits 10:8 of an entry (82093AA data sheet, "I/O Redirection Table Registers"). */
    private static final List<String> DELIVERY_MODES =
            List.of("fixed", "lowest", "smi", "reserved", "nmi", "init", "startup", "extint");

    private ControllerJson() {}

    /** @param unknown what is not known of them */
    public static void write(ControllerState controllers, Set<Piece> unknown, JsonGenerator json) throws IOException {
        JsonOutput.writeObject(json, "master", _ -> write(controllers.master(), Piece.ofMaster(), unknown, json));
        JsonOutput.writeObject(json, "slave", _ -> write(controllers.slave(), Piece.ofSlave(), unknown, json));
        if (!unknown.contains(Piece.IOAPIC)) {
            JsonOutput.writeObject(json, "ioapic", controllers.ioapic(), ControllerJson::write);
        }
        if (!unknown.contains(Piece.PIT)) {
            JsonOutput.writeObject(json, "pit", controllers.pit(), ControllerJson::write);
        }
        StateJson.writeIf(!unknown.contains(Piece.ROUTES), "routes", json,
                () -> JsonOutput.writeObjects(json, "routes", controllers.routes(), ControllerJson::write));
        StateJson.writeIf(!unknown.contains(Piece.LINES_HIGH), "linesHigh", json,
                () -> JsonOutput.writeNumbers(json, "linesHigh",
                        IntStream.range(0, Integer.SIZE)
                                .filter(line -> (controllers.linesHigh() & 1 << line) != 0)
                                .boxed()
                                .toList()));
    }

    /** @param pieces of this chip, in the order of {@link Piece} */
    private static void write(PicState pic, List<Piece> pieces, Set<Piece> unknown, JsonGenerator json)
            throws IOException {
        PicWriter writer = new PicWriter(pieces.iterator(), unknown, json);
        writer.next("base", () -> json.writeNumberField("base", pic.irqBase()));
        writer.next("irr", () -> JsonOutput.writeHex(json, "irr", pic.irr()));
        writer.next("imr", () -> JsonOutput.writeHex(json, "imr", pic.imr()));
        writer.next("isr", () -> JsonOutput.writeHex(json, "isr", pic.isr()));
        writer.next("linesHigh", () -> JsonOutput.writeHex(json, "linesHigh", pic.lastIrr()));
        writer.next("elcr", () -> JsonOutput.writeHex(json, "elcr", pic.elcr()));
        writer.next("topPriority", () -> json.writeNumberField("topPriority", pic.priorityAdd()));
        writer.same("specialFullyNested",
                () -> json.writeBooleanField("specialFullyNested", pic.specialFullyNested()));
        writer.next("autoEoi", () -> json.writeBooleanField("autoEoi", pic.autoEoi()));
        writer.next("rotateOnAutoEoi", () -> json.writeBooleanField("rotateOnAutoEoi", pic.rotateOnAutoEoi()));
        writer.same("poll", () -> json.writeBooleanField("poll", pic.poll()));
        writer.same("readsIsr", () -> json.writeBooleanField("readsIsr", pic.readRegSelect()));
        writer.same("icw4", () -> json.writeBooleanField("icw4", pic.init4()));
        writer.same("initState", () -> json.writeNumberField("initState", pic.initState()));
        writer.same("elcrMask", () -> JsonOutput.writeHex(json, "elcrMask", pic.elcrMask()));
        writer.next("specialMask", () -> json.writeBooleanField("specialMask", pic.specialMask()));
    }

    /** Writes the fields of an 8259 piece by piece. */
    private static final class PicWriter {

        private final Iterator<Piece> pieces;
        private final Set<Piece> unknown;
        private final JsonGenerator json;
        private boolean isKnown;

        PicWriter(Iterator<Piece> pieces, Set<Piece> unknown, JsonGenerator json) {
            this.pieces = pieces;
            this.unknown = unknown;
            this.json = json;
        }

        /** The first field of the next piece. */
        void next(String name, StateJson.Field field) throws IOException {
            isKnown = !unknown.contains(pieces.next());
            same(name, field);
        }

        /** Another field of the same piece. */
        void same(String name, StateJson.Field field) throws IOException {
            StateJson.writeIf(isKnown, name, json, field);
        }
    }

    private static void write(IoapicState ioapic, JsonGenerator json) throws IOException {
        JsonOutput.writeHex(json, "irr", ioapic.irr());
        json.writeArrayFieldStart("pins");
        for (int pin = 0; pin < ioapic.entries().size(); pin++) {
            json.writeStartObject();
            json.writeNumberField("pin", pin);
            write(ioapic.entries().get(pin), json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(Redirection entry, JsonGenerator json) throws IOException {
        JsonOutput.writeHex(json, "entry", entry.bits());
        json.writeNumberField("vector", entry.vector());
        json.writeStringField("mode", mode(entry));
        json.writeStringField("destinationMode", entry.isLogical() ? "logical" : "physical");
        json.writeNumberField("destination", entry.destination());
        json.writeStringField("polarity", entry.isActiveLow() ? "low" : "high");
        json.writeStringField("trigger", entry.isLevel() ? "level" : "edge");
        json.writeBooleanField("masked", entry.isMasked());
        json.writeBooleanField("remoteIrr", entry.remoteIrr());
        json.writeBooleanField("deliveryPending", entry.deliveryPending());
    }

    private static void write(PitState pit, JsonGenerator json) throws IOException {
        JsonOutput.writeObjects(json, "channels", pit.channels(), ControllerJson::write);
        JsonOutput.writeHex(json, "flags", pit.flags());
    }

    private static void write(PitChannel channel, JsonGenerator json) throws IOException {
        if (channel.mode() == PitChannel.NO_MODE) {
            json.writeNullField("mode");
        } else {
            json.writeNumberField("mode", channel.mode());
        }
        json.writeNumberField("count", channel.count());
        json.writeBooleanField("bcd", channel.bcd());
        json.writeBooleanField("gate", channel.gate());
        json.writeNumberField("loadTimeNanos", channel.loadTime());
        PitAccess access = channel.access();
        json.writeNumberField("rwMode", access.rwMode());
        json.writeNumberField("readState", access.readState());
        json.writeNumberField("writeState", access.writeState());
        json.writeNumberField("writeLatch", access.writeLatch());
        json.writeNumberField("countLatched", access.countLatched());
        json.writeNumberField("latchedCount", access.latchedCount());
        json.writeBooleanField("statusLatched", access.statusLatched());
        JsonOutput.writeHex(json, "status", access.status());
    }

    private static void write(GsiRoute route, JsonGenerator json) throws IOException {
        json.writeNumberField("gsi", route.gsi());
        switch (route) {
            case GsiRoute.ToPin pin -> {
                json.writeStringField("to", controller(pin));
                json.writeNumberField("pin", pin.pin());
            }
            case GsiRoute.ToMessage(int _, MsiMessage message) -> {
                json.writeStringField("to", "message");
                JsonOutput.writeHex(json, "address", Integer.toUnsignedLong(message.address()));
                JsonOutput.writeHex(json, "data", Integer.toUnsignedLong(message.data()));
            }
        }
    }

    /** The delivery mode, such as "fixed". */
    public static String mode(Redirection entry) {
        return DELIVERY_MODES.get(entry.deliveryMode());
    }

    /** Such as "slave". */
    public static String controller(GsiRoute.ToPin pin) {
        return pin.isOfIoapic() ? "ioapic" : pin.chip() == 0 ? "master" : "slave";
    }
}
