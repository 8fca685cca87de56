package dev.interject.cli.state;

import java.io.IOException;
import java.util.Set;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Piece;

/**
 * The whole state of a frozen guest as the field "state" of a JSON object. Registers, addresses and sets of bits are
 * strings in hexadecimal; vectors, lines, IDs and counts are numbers; the bytes of a table are digits without 0x.
 */
public final class StateJson {

    private StateJson() {}

    /** @param expectsNmis whether the guest's handler of vector 2 is one for NMIs */
    public static void write(GuestState state, boolean expectsNmis, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("state");
        boolean isPlaceholder = state.lacks(Piece.IRQCHIP) && state.irqchip() == Irqchip.KERNEL;
        json.writeStringField("irqchip", isPlaceholder ? null : state.irqchip().label());
        json.writeNumberField("vcpu", state.vcpu());
        JsonOutput.writeObjects(json, "vcpus", state.all(), VcpuJson::write);
        if (!state.lacks(Piece.HELD)) {
            JsonOutput.writeNumber(json, "heldByKvm", state.controllers().held());
        }
        ControllerJson.write(state.controllers(), state.unknown(), json);
        writeIf(!state.lacks(Piece.EXPECTS_NMIS), "expectsNmis", json,
                () -> json.writeBooleanField("expectsNmis", expectsNmis));
        JsonOutput.writeStrings(json, "hostRules", state.hostRules().labels());
        writeUnknown(state.unknown(), json);
        json.writeEndObject();
    }

    /** Something that writes a field. */
    @FunctionalInterface
    interface Field {
        void write() throws IOException;
    }

    /** Writes a field, with null instead of its value if that is not known. */
    static void writeIf(boolean isKnown, String name, JsonGenerator json, Field field) throws IOException {
        if (isKnown) {
            field.write();
        } else {
            json.writeNullField(name);
        }
    }

    /** What is not known. Its fields are null, or left out where null has a meaning. */
    static void writeUnknown(Set<Piece> unknown, JsonGenerator json) throws IOException {
        JsonOutput.writeStrings(json, "unknown", unknown.stream().sorted().map(Piece::label).toList());
    }
}
