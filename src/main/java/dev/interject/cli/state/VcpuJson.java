package dev.interject.cli.state;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.delivery.CpuMode;
import dev.interject.interrupt.delivery.Failure;
import dev.interject.interrupt.delivery.IdtEntry;
import dev.interject.interrupt.delivery.TaskState;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.Lapic;
import dev.interject.interrupt.state.Page;
import dev.interject.interrupt.state.Pages;
import dev.interject.interrupt.state.PeerState;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.LapicRegister;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.VcpuEvents;

/** A vCPU and its LAPIC as fields of a JSON object. */
public final class VcpuJson {

    private static final HexFormat BYTES = HexFormat.of();

    private VcpuJson() {}

    public static void write(PeerState vcpu, JsonGenerator json) throws IOException {
        CpuState cpu = vcpu.cpu();
        json.writeNumberField("number", vcpu.number());
        json.writeStringField("mode", CpuMode.of(cpu.special(), cpu.registers()).label());
        json.writeStringField("mpState", cpu.activity().label());
        json.writeBooleanField("halted", cpu.halted());
        json.writeBooleanField("ready", cpu.ready());
        StateJson.writeUnknown(cpu.unknown(), json);
        JsonOutput.writeObject(json, "registers", _ -> writeHex(json, RegisterList.general(cpu.registers())));
        JsonOutput.writeObject(json, "specialRegisters", _ -> {
            writeHex(json, RegisterList.control(cpu.special()));
            for (Map.Entry<String, Segment> segment : RegisterList.segments(cpu.special()).entrySet()) {
                JsonOutput.writeObject(json, segment.getKey(), _ -> write(segment.getValue(), json));
            }
            for (Map.Entry<String, DescriptorTable> table : RegisterList.tables(cpu.special()).entrySet()) {
                JsonOutput.writeObject(json, table.getKey(), _ -> {
                    JsonOutput.writeHex(json, "base", table.getValue().base());
                    JsonOutput.writeHex(json, "limit", table.getValue().limit());
                });
            }
        });
        JsonOutput.writeObject(json, "events", _ -> write(cpu.events(), json));
        JsonOutput.writeObject(json, "idt", _ -> writeIdt(cpu, json));
        JsonOutput.writeObject(json, "gdt", _ -> writeDescriptors(cpu.tables().gdt(), DescriptorList.ofGdt(cpu), json));
        JsonOutput.writeObject(json, "ldt", _ -> writeDescriptors(cpu.tables().ldt(), DescriptorList.ofLdt(cpu), json));
        JsonOutput.writeObject(json, "tss", _ -> {
            json.writeStringField("bytes", BYTES.formatHex(cpu.tables().tss()));
            JsonOutput.writeObjects(json, "stacks", new TaskState(cpu).stacks(), VcpuJson::write);
        });
        write(cpu.pages(), json);
        JsonOutput.writeObject(json, "lapic", vcpu.lapic(), (lapic, _) -> {
            write(new Lapic(vcpu.number(), lapic, cpu.special().apicBase()), json);
            JsonOutput.writeHex(json, "tscDeadline", vcpu.deadline());
        });
    }

    private static void writeHex(JsonGenerator json, Map<String, Long> registers) throws IOException {
        for (Map.Entry<String, Long> register : registers.entrySet()) {
            JsonOutput.writeHex(json, register.getKey(), register.getValue());
        }
    }

    private static void write(Segment segment, JsonGenerator json) throws IOException {
        JsonOutput.writeHex(json, "selector", segment.selector());
        JsonOutput.writeHex(json, "base", segment.base());
        JsonOutput.writeHex(json, "limit", Integer.toUnsignedLong(segment.limit()));
        JsonOutput.writeHex(json, "type", segment.type());
        json.writeNumberField("dpl", segment.dpl());
        json.writeBooleanField("present", segment.present());
        json.writeBooleanField("codeOrData", segment.system());
        json.writeBooleanField("db", segment.db());
        json.writeBooleanField("longMode", segment.longMode());
        json.writeBooleanField("pageGranular", segment.pageGranular());
        json.writeBooleanField("unusable", segment.unusable());
    }

    private static void write(VcpuEvents events, JsonGenerator json) throws IOException {
        JsonOutput.writeObject(json, "exception", events.exception(), (exception, _) -> {
            json.writeNumberField("vector", exception.vector());
            writeHex(json, "errorCode", exception.errorCode());
        });
        JsonOutput.writeNumber(json, "interrupt",
                events.interruptInjected() ? OptionalInt.of(events.interruptVector()) : OptionalInt.empty());
        json.writeBooleanField("stiShadow", events.stiShadow());
        json.writeBooleanField("movSsShadow", events.movSsShadow());
        json.writeBooleanField("nmiInjected", events.nmiInjected());
        json.writeNumberField("nmisPending", events.nmisPending());
        json.writeBooleanField("nmiMasked", events.nmiMasked());
        json.writeBooleanField("smiPending", events.smiPending());
    }

    private static void writeHex(JsonGenerator json, String field, OptionalInt number) throws IOException {
        if (number.isPresent()) {
            JsonOutput.writeHex(json, field, Integer.toUnsignedLong(number.getAsInt()));
        } else {
            json.writeNullField(field);
        }
    }

    private static void writeIdt(CpuState cpu, JsonGenerator json) throws IOException {
        json.writeStringField("bytes", BYTES.formatHex(cpu.tables().idt()));
        json.writeArrayFieldStart("entries");
        for (int vector = 0; vector < Mailbox.VECTORS; vector++) {
            IdtEntry entry = IdtEntry.of(cpu, vector);
            json.writeStartObject();
            json.writeNumberField("vector", vector);
            json.writeStringField("problem", entry.problem().map(Failure::kind).orElse(null));
            if (entry.isUsable()) {
                json.writeStringField("type", entry.type().name().toLowerCase(Locale.ROOT).replace('_', '-'));
                JsonOutput.writeHex(json, "selector", entry.selector());
                JsonOutput.writeHex(json, "handler", entry.handler());
                json.writeNumberField("ist", entry.stackTable());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeDescriptors(byte[] table, Map<Integer, Long> descriptors, JsonGenerator json)
            throws IOException {
        json.writeStringField("bytes", BYTES.formatHex(table));
        JsonOutput.writeObjects(json, "descriptors", descriptors.entrySet(), (descriptor, _) -> {
            JsonOutput.writeHex(json, "offset", descriptor.getKey());
            JsonOutput.writeHex(json, "descriptor", descriptor.getValue());
        });
    }

    private static void write(TaskState.Stack stack, JsonGenerator json) throws IOException {
        json.writeStringField("name", stack.name());
        writeHex(json, "selector", stack.selector());
        JsonOutput.writeHex(json, "pointer", stack.pointer());
    }

    private static void write(Pages pages, JsonGenerator json) throws IOException {
        switch (pages) {
            case Pages.Walked walked -> {
                json.writeNullField("unpagedRamBytes");
                JsonOutput.writeObjects(json, "pages", new TreeMap<>(walked.byNumber()).entrySet(), (page, _) -> {
                    JsonOutput.writeHex(json, "linear", Pages.addressOf(page.getKey()));
                    write(page.getValue(), json);
                });
            }
            case Pages.Unpaged(long ramBytes) -> {
                json.writeNumberField("unpagedRamBytes", ramBytes);
                json.writeNullField("pages");
            }
        }
    }

    private static void write(Page page, JsonGenerator json) throws IOException {
        JsonOutput.writeHex(json, "physical", page.physical());
        json.writeBooleanField("present", page.present());
        json.writeBooleanField("writable", page.writable());
        json.writeBooleanField("user", page.user());
        json.writeBooleanField("executable", page.executable());
        json.writeBooleanField("reserved", page.reserved());
        json.writeBooleanField("ram", page.isRam());
    }

    private static void write(Lapic lapic, JsonGenerator json) throws IOException {
        json.writeNumberField("apicId", Integer.toUnsignedLong(lapic.id()));
        json.writeBooleanField("x2apic", lapic.isX2apic());
        json.writeBooleanField("on", lapic.isOn());
        json.writeBooleanField("softwareEnabled", lapic.registers().isSoftwareEnabled());
        JsonOutput.writeObject(json, "registers", _ -> {
            for (LapicRegister register : LapicRegister.values()) {
                JsonOutput.writeHex(json, register.label(),
                        Integer.toUnsignedLong(lapic.registers().value(register)));
            }
        });
        JsonOutput.writeNumbers(json, "isr", lapic.registers().inService());
        JsonOutput.writeNumbers(json, "tmr", lapic.registers().levelTriggered());
        JsonOutput.writeNumbers(json, "irr", lapic.registers().requested());
    }
}
