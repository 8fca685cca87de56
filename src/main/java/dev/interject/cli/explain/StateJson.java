package dev.interject.cli.explain;

import java.io.IOException;
import java.util.HexFormat;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.device.PicState;
import dev.interject.interrupt.state.GuestState;

/** The whole state of a frozen guest as the field "state" of a JSON object; tables and pages in hexadecimal. */
final class StateJson {

    private StateJson() {}

    static void write(GuestState state, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("state");
        json.writeNumberField("vcpu", state.vcpu());
        json.writeStringField("mpState", state.cpu().activity().name());
        json.writeBooleanField("halted", state.cpu().halted());
        json.writeBooleanField("ready", state.cpu().ready());
        json.writeStringField("registers", state.cpu().registers().toString());
        json.writeStringField("specialRegisters", state.cpu().special().toString());
        json.writeStringField("events", state.cpu().events().toString());
        HexFormat hex = HexFormat.of();
        json.writeStringField("idt", hex.formatHex(state.cpu().tables().idt()));
        json.writeStringField("gdt", hex.formatHex(state.cpu().tables().gdt()));
        pic(json, "master", state.controllers().master());
        pic(json, "slave", state.controllers().slave());
        if (state.controllers().ioapic().isPresent()) {
            JsonOutput.writeStrings(json, "ioapic", state.controllers()
                    .ioapic()
                    .get()
                    .entries()
                    .stream()
                    .map(entry -> "0x%016x".formatted(entry.bits()))
                    .toList());
        }
        if (state.controllers().lapic().isPresent()) {
            json.writeStringField("lapic", hex.formatHex(state.controllers().lapic().get().page()));
        }
        json.writeEndObject();
    }

    private static void pic(JsonGenerator json, String name, PicState pic) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("base", pic.irqBase());
        json.writeNumberField("irr", pic.irr());
        json.writeNumberField("imr", pic.imr());
        json.writeNumberField("isr", pic.isr());
        json.writeNumberField("linesHigh", pic.lastIrr());
        json.writeNumberField("elcr", pic.elcr());
        json.writeNumberField("topPriority", pic.priorityAdd());
        json.writeBooleanField("autoEoi", pic.autoEoi());
        json.writeEndObject();
    }
}
