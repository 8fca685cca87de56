package dev.interject.cli.explain;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.interrupt.state.GuestState;

/**
 * The whole state of a frozen guest as the field "state" of a JSON object. Registers, addresses and sets of bits are
 * strings in hexadecimal; vectors, lines, IDs and counts are numbers; the bytes of a table are digits without 0x.
 */
final class StateJson {

    private StateJson() {}

    static void write(GuestState state, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("state");
        json.writeStringField("irqchip", state.irqchip().label());
        json.writeNumberField("vcpu", state.vcpu());
        JsonOutput.writeObjects(json, "vcpus", state.all(), VcpuJson::write);
        JsonOutput.writeNumber(json, "heldByKvm", state.controllers().held());
        ControllerJson.write(state.controllers(), json);
        JsonOutput.writeStrings(json, "hostRules", state.hostRules().labels());
        json.writeEndObject();
    }
}
