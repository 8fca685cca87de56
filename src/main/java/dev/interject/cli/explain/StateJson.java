package dev.interject.cli.explain;

import java.io.IOException;
import java.util.HexFormat;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.device.PicState;
import dev.interject.device.PitChannel;
import dev.interject.interrupt.delivery.CpuMode;
import dev.interject.interrupt.delivery.TaskState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Lapic;
import dev.interject.kvm.state.LapicRegisters;

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
        JsonOutput.writeNumber(json, "heldByKvm", state.controllers().held());
        HexFormat hex = HexFormat.of();
        json.writeStringField("idt", hex.formatHex(state.cpu().tables().idt()));
        json.writeStringField("gdt", hex.formatHex(state.cpu().tables().gdt()));
        json.writeStringField("ldt", hex.formatHex(state.cpu().tables().ldt()));
        json.writeStringField("tss", hex.formatHex(state.cpu().tables().tss()));
        json.writeStringField("mode", CpuMode.of(state.cpu().special(), state.cpu().registers()).label());
        JsonOutput.writeStrings(json, "stacks", new TaskState(state.cpu()).stacks());
        JsonOutput.writeStrings(json, "pages", TableText.texts(state.cpu().pages()));
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
            LapicRegisters lapic = state.controllers().lapic().get();
            json.writeStringField("lapic", hex.formatHex(lapic.page()));
            json.writeStringField("lvt1", "0x%05x".formatted(lapic.lint1()));
            json.writeObjectFieldStart("lapicTimer");
            json.writeStringField("lvt", "0x%05x".formatted(lapic.timer()));
            json.writeNumberField("initialCount", Integer.toUnsignedLong(lapic.timerInitialCount()));
            json.writeNumberField("currentCount", Integer.toUnsignedLong(lapic.timerCurrentCount()));
            json.writeNumberField("deadline", state.controllers().deadline());
            json.writeEndObject();
        }
        if (state.controllers().pit().isPresent()) {
            JsonOutput.writeObjects(json, "pit", state.controllers().pit().get().channels(), StateJson::write);
            json.writeNumberField("pitFlags", state.controllers().pit().get().flags());
        }
        JsonOutput.writeObjects(json, "lapics", state.lapics(), StateJson::lapic);
        json.writeEndObject();
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
    }

    /** What decides who is addressed, of each vCPU. */
    private static void lapic(Lapic lapic, JsonGenerator json) throws IOException {
        json.writeNumberField("vcpu", lapic.vcpu());
        json.writeStringField("apicId", Integer.toUnsignedString(lapic.id()));
        json.writeStringField("ldr", "0x%08x".formatted(lapic.registers().logicalDestination()));
        json.writeStringField("dfr", "0x%08x".formatted(lapic.registers().destinationFormat()));
        json.writeBooleanField("x2apic", lapic.isX2apic());
        json.writeBooleanField("on", lapic.isOn());
        json.writeBooleanField("softwareEnabled", lapic.registers().isSoftwareEnabled());
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
        json.writeBooleanField("rotateOnAutoEoi", pic.rotateOnAutoEoi());
        json.writeBooleanField("specialMask", pic.specialMask());
        json.writeBooleanField("specialFullyNested", pic.specialFullyNested());
        json.writeBooleanField("icw4", pic.init4());
        json.writeBooleanField("poll", pic.poll());
        json.writeEndObject();
    }
}
