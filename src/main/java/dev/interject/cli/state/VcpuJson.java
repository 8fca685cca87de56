package dev.interject.cli.state;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
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
import dev.interject.interrupt.state.Piece;
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
        boolean hasMode = CpuMode.unknownPiece(cpu).isEmpty();
        json.writeNumberField("number", vcpu.number());
        json.writeStringField("mode", hasMode ? CpuMode.of(cpu.special(), cpu.registers()).label() : null);
        json.writeStringField("mpState", cpu.lacks(Piece.ACTIVITY) ? null : cpu.activity().label());
        StateJson.writeIf(!cpu.lacks(Piece.HALTED), "halted", json,
                () -> json.writeBooleanField("halted", cpu.halted()));
        StateJson.writeIf(!cpu.lacks(Piece.READY), "ready", json, () -> json.writeBooleanField("ready", cpu.ready()));
        StateJson.writeUnknown(cpu.unknown(), json);
        JsonOutput.writeObject(json, "registers", _ -> writeHex(cpu, json, RegisterList.general(cpu.registers())));
        JsonOutput.writeObject(json, "specialRegisters", _ -> writeSpecial(cpu, json));
        JsonOutput.writeObject(json, "events", _ -> write(cpu, cpu.events(), json));
        JsonOutput.writeObject(json, "idt", _ -> {
            writeBytes(cpu, Piece.IDT, cpu.tables().idt(), json);
            StateJson.writeIf(hasMode, "entries", json, () -> writeEntries(cpu, json));
        });
        JsonOutput.writeObject(json, "gdt", _ -> {
            writeBytes(cpu, Piece.GDT, cpu.tables().gdt(), json);
            StateJson.writeIf(hasMode, "descriptors", json, () -> writeDescriptors(DescriptorList.ofGdt(cpu), json));
        });
        JsonOutput.writeObject(json, "ldt", _ -> {
            writeBytes(cpu, Piece.LDT, cpu.tables().ldt(), json);
            StateJson.writeIf(hasMode, "descriptors", json, () -> writeDescriptors(DescriptorList.ofLdt(cpu), json));
        });
        JsonOutput.writeObject(json, "tss", _ -> {
            writeBytes(cpu, Piece.TSS, cpu.tables().tss(), json);
            StateJson.writeIf(hasMode, "stacks", json,
                    () -> JsonOutput.writeObjects(json, "stacks", new TaskState(cpu).stacks(), VcpuJson::write));
        });
        write(cpu, json);
        JsonOutput.writeObject(json, "lapic", vcpu.lapic(), (lapic, _) -> {
            write(cpu, new Lapic(vcpu.number(), lapic, cpu.special().apicBase()), json);
            StateJson.writeIf(!cpu.lacks(Piece.DEADLINE), "tscDeadline", json,
                    () -> JsonOutput.writeHex(json, "tscDeadline", vcpu.deadline()));
        });
    }

    private static void writeHex(CpuState cpu, JsonGenerator json, Map<String, Long> registers) throws IOException {
        for (Map.Entry<String, Long> register : registers.entrySet()) {
            StateJson.writeIf(!cpu.lacks(RegisterList.piece(register.getKey())), register.getKey(), json,
                    () -> JsonOutput.writeHex(json, register.getKey(), register.getValue()));
        }
    }

    private static void writeSpecial(CpuState cpu, JsonGenerator json) throws IOException {
        writeHex(cpu, json, RegisterList.control(cpu.special()));
        for (Map.Entry<String, Segment> segment : RegisterList.segments(cpu.special()).entrySet()) {
            StateJson.writeIf(!cpu.lacks(RegisterList.piece(segment.getKey())), segment.getKey(), json,
                    () -> JsonOutput.writeObject(json, segment.getKey(), _ -> write(segment.getValue(), json)));
        }
        for (Map.Entry<String, DescriptorTable> table : RegisterList.tables(cpu.special()).entrySet()) {
            StateJson.writeIf(!cpu.lacks(RegisterList.piece(table.getKey())), table.getKey(), json,
                    () -> JsonOutput.writeObject(json, table.getKey(), _ -> {
                        JsonOutput.writeHex(json, "base", table.getValue().base());
                        JsonOutput.writeHex(json, "limit", table.getValue().limit());
                    }));
        }
    }

    /** What follows the bytes may be unknown; if there are none, all is. */
    private static void writeBytes(CpuState cpu, Piece piece, byte[] table, JsonGenerator json) throws IOException {
        json.writeStringField("bytes", table.length == 0 && cpu.lacks(piece) ? null : BYTES.formatHex(table));
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

    private static void write(CpuState cpu, VcpuEvents events, JsonGenerator json) throws IOException {
        boolean isKnown = !cpu.lacks(Piece.EVENTS);
        boolean hasShadow = !cpu.lacks(Piece.SHADOW);
        if (isKnown) { // null means that none is queued
            JsonOutput.writeObject(json, "exception", events.exception(), (exception, _) -> {
                json.writeNumberField("vector", exception.vector());
                writeHex(json, "errorCode", exception.errorCode());
                if (exception.payload().isPresent()) {
                    JsonOutput.writeHex(json, "payload", exception.payload().getAsLong());
                } else {
                    json.writeNullField("payload");
                }
            });
            JsonOutput.writeNumber(json, "interrupt",
                    events.interruptInjected() ? OptionalInt.of(events.interruptVector()) : OptionalInt.empty());
        }
        writeFlag(json, "stiShadow", hasShadow, events.stiShadow());
        writeFlag(json, "movSsShadow", hasShadow, events.movSsShadow());
        writeFlag(json, "nmiInjected", isKnown, events.nmiInjected());
        StateJson.writeIf(isKnown, "nmisPending", json,
                () -> json.writeNumberField("nmisPending", events.nmisPending()));
        writeFlag(json, "nmiMasked", isKnown, events.nmiMasked());
        writeFlag(json, "smiPending", isKnown, events.smiPending());
    }

    private static void writeFlag(JsonGenerator json, String name, boolean isKnown, boolean flag) throws IOException {
        StateJson.writeIf(isKnown, name, json, () -> json.writeBooleanField(name, flag));
    }

    private static void writeHex(JsonGenerator json, String field, OptionalInt number) throws IOException {
        if (number.isPresent()) {
            JsonOutput.writeHex(json, field, Integer.toUnsignedLong(number.getAsInt()));
        } else {
            json.writeNullField(field);
        }
    }

    private static void writeEntries(CpuState cpu, JsonGenerator json) throws IOException {
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

    private static void writeDescriptors(Map<Integer, Long> descriptors, JsonGenerator json) throws IOException {
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

    private static void write(CpuState cpu, JsonGenerator json) throws IOException {
        switch (cpu.pages()) {
            case Pages.Walked walked when walked.byNumber().isEmpty() && cpu.lacks(Piece.PAGES) -> {
                json.writeNullField("unpagedRamBytes");
                json.writeNullField("pages");
            }
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

    private static void write(CpuState cpu, Lapic lapic, JsonGenerator json) throws IOException {
        boolean hasBase = !cpu.lacks(Piece.APIC_BASE);
        boolean hasMode = !cpu.lacks(Piece.X2APIC_MODE);
        StateJson.writeIf(hasMode && !cpu.lacks(Piece.LAPIC_ID), "apicId", json,
                () -> json.writeNumberField("apicId", Integer.toUnsignedLong(lapic.id())));
        writeFlag(json, "x2apic", hasMode, lapic.isX2apic());
        writeFlag(json, "on", hasBase, lapic.isOn());
        writeFlag(json, "softwareEnabled", !cpu.lacks(Piece.LAPIC_SVR), lapic.registers().isSoftwareEnabled());
        JsonOutput.writeObject(json, "registers", _ -> {
            for (LapicRegister register : LapicRegister.values()) {
                StateJson.writeIf(!cpu.lacks(Piece.of(register)), register.label(), json,
                        () -> JsonOutput.writeHex(json, register.label(),
                                Integer.toUnsignedLong(lapic.registers().value(register))));
            }
        });
        writeVectors(json, "isr", !cpu.lacks(Piece.LAPIC_ISR), lapic.registers().inService());
        writeVectors(json, "tmr", !cpu.lacks(Piece.LAPIC_OTHER), lapic.registers().levelTriggered());
        writeVectors(json, "irr", !cpu.lacks(Piece.LAPIC_IRR), lapic.registers().requested());
    }

    private static void writeVectors(JsonGenerator json, String name, boolean isKnown, Set<Integer> vectors)
            throws IOException {
        StateJson.writeIf(isKnown, name, json, () -> JsonOutput.writeNumbers(json, name, vectors));
    }
}
