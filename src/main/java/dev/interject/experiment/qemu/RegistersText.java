package dev.interject.experiment.qemu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.interject.interrupt.state.Piece;

/** What {@code info registers -a} prints (QEMU's target/i386/cpu-dump.c), as vCPUs of a state. */
final class RegistersText {

    private static final Pattern VCPU = Pattern.compile("(?m)^CPU#\\d+\\s*$");
    private static final Pattern REGISTER = Pattern.compile("\\b([A-Z][A-Z0-9]{1,3}) *=([0-9a-fA-F]+)\\b");
    private static final Pattern SEGMENT = Pattern.compile(
            "(?m)^(ES|CS|SS|DS|FS|GS|LDT|TR) *=([0-9a-f]{4}) ([0-9a-f]{8,16}) ([0-9a-f]{8}) ([0-9a-f]{8})");
    private static final Pattern TABLE = Pattern.compile("(?m)^(GDT|IDT)= +([0-9a-f]{8,16}) ([0-9a-f]{8})");

    private static final List<String> GENERAL =
            List.of("ax", "bx", "cx", "dx", "si", "di", "bp", "sp", "8", "9", "10", "11", "12", "13", "14", "15");
    private static final Map<String, String> SEGMENTS = Map.of("LDT", "ldtr", "TR", "tr");
    private static final List<String> CONTROL = List.of("CR0", "CR2", "CR3", "CR4", "EFER");
    private static final long LMA = 1 << 10;
    private static final String HALF_BASE = "0x00000000";
    private static final long RESET_CS_BASE = 0xffff0000L;
    private static final long RESET_IP = 0xfff0;
    private static final int RESET_CS = 0xf000;

    private final List<String> notes;

    /** @param notes what is not understood is added to them */
    RegistersText(List<String> notes) {
        this.notes = notes;
    }

    /** Each vCPU, as fields of a state. */
    List<Map<String, Object>> parse(String text) {
        List<Map<String, Object>> vcpus = new ArrayList<>();
        String[] parts = VCPU.split(text);
        for (int i = 1; i < parts.length; i++) {
            vcpus.add(vcpu(parts[i], i - 1));
        }
        return vcpus;
    }

    private Map<String, Object> vcpu(String text, int number) {
        Map<String, String> values = new LinkedHashMap<>();
        Matcher register = REGISTER.matcher(text);
        while (register.find()) {
            values.putIfAbsent(register.group(1), register.group(2));
        }
        Map<String, Object> vcpu = new LinkedHashMap<>();
        vcpu.put("registers", general(values, number));
        Map<String, Object> special = special(text, values, number);
        vcpu.put("specialRegisters", special);
        if (hasHalfBases(special)) {
            Map<String, Object> none = Map.of("bytes", "");
            vcpu.putAll(Map.of("tss", none, "ldt", none, "unknown", List.of(Piece.TSS.label(), Piece.LDT.label())));
            notes.add("vCPU %d: in compatibility mode, QEMU shows half of the bases of TSS and LDT".formatted(number));
        }
        boolean isHalted = "1".equals(values.get("HLT"));
        if (values.containsKey("HLT")) {
            vcpu.put("halted", isHalted);
            activity(values, special, isHalted, number).ifPresent(state -> vcpu.put("mpState", state));
        }
        if (values.containsKey("II")) {
            boolean isInShadow = "1".equals(values.get("II"));
            vcpu.put("events", Map.of("stiShadow", isInShadow, "movSsShadow", false));
            if (isInShadow) {
                notes.add(
                        "vCPU %d: QEMU does not tell an interrupt shadow of STI from one of MOV SS".formatted(number));
            }
        }
        if ("1".equals(values.get("SMM"))) {
            notes.add("vCPU %d is in system-management mode, where it takes no NMI until RSM".formatted(number));
        }
        return vcpu;
    }

    private Map<String, Object> general(Map<String, String> values, int number) {
        Map<String, Object> registers = new LinkedHashMap<>();
        for (String name : GENERAL) {
            boolean isLegacy = !Character.isDigit(name.charAt(0));
            String found = isLegacy ? either(values, name) : values.get("R" + name);
            // a 32-bit guest has no R8 to R15
            put(registers, "r" + name, found == null && !isLegacy && values.containsKey("EAX") ? "0" : found, number);
        }
        put(registers, "rip", either(values, "ip"), number);
        put(registers, "rflags", either(values, "fl"), number);
        return registers;
    }

    private static String either(Map<String, String> values, String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return values.getOrDefault("R" + upper, values.get("E" + upper));
    }

    private void put(Map<String, Object> fields, String name, String digits, int number) {
        if (digits == null) {
            notes.add("vCPU %d: info registers shows no %s".formatted(number, name));
        } else {
            fields.put(name, "0x" + digits);
        }
    }

    private Map<String, Object> special(String text, Map<String, String> values, int number) {
        Map<String, Object> special = new LinkedHashMap<>();
        CONTROL.forEach(name -> put(special, name.toLowerCase(Locale.ROOT), values.get(name), number));
        Matcher segment = SEGMENT.matcher(text);
        while (segment.find()) {
            String name = segment.group(1);
            special.put(SEGMENTS.getOrDefault(name, name.toLowerCase(Locale.ROOT)), segment(segment));
        }
        Matcher table = TABLE.matcher(text);
        while (table.find()) {
            special.put(table.group(1).equals("GDT") ? "gdtr" : "idtr",
                    Map.of("base", "0x" + table.group(2), "limit",
                            (int) (Long.parseLong(table.group(3), 16) & 0xffff)));
        }
        return special;
    }

    /** From the upper half of the descriptor. What is not present is unusable, as QEMU itself has it for KVM. */
    private static Map<String, Object> segment(Matcher text) {
        long flags = Long.parseLong(text.group(5), 16);
        boolean isPresent = bit(flags, 15);
        Map<String, Object> segment = new LinkedHashMap<>();
        segment.put("selector", "0x" + text.group(2));
        segment.put("base", "0x" + text.group(3));
        segment.put("limit", "0x" + text.group(4));
        segment.put("type", (int) (flags >> 8 & 0xf));
        segment.put("dpl", (int) (flags >> 13 & 3));
        segment.put("present", isPresent);
        segment.put("codeOrData", bit(flags, 12));
        segment.put("db", bit(flags, 22));
        segment.put("longMode", bit(flags, 21));
        segment.put("pageGranular", bit(flags, 23));
        segment.put("unusable", !isPresent);
        return segment;
    }

    /** In long mode, but in no 64-bit code segment, only those of GDT and IDT have 64 bits. */
    private static boolean hasHalfBases(Map<String, Object> special) {
        return special.get("efer") instanceof String efer && (Long.parseUnsignedLong(efer.substring(2), 16) & LMA) != 0
                && special.get("tr") instanceof Map<?, ?> tr && tr.get("base") instanceof String base
                && base.length() == HALF_BASE.length();
    }

    private static boolean bit(long flags, int number) {
        return (flags >> number & 1) != 0;
    }

    /**
     * A vCPU that has left the reset vector runs, or is in HLT: INIT puts it back there. At the reset vector, vCPU 0
     * may be about to run; another one has not been started, since SIPI starts it elsewhere.
     */
    private static Optional<String> activity(Map<String, String> values, Map<String, Object> special,
            boolean isHalted, int number) {
        String ip = either(values, "ip");
        if (ip == null || !(special.get("cs") instanceof Map<?, ?> cs)) {
            return Optional.empty();
        }
        boolean isAtReset = Long.parseUnsignedLong(ip, 16) == RESET_IP
                && Long.decode((String) cs.get("selector")) == RESET_CS
                && Long.parseUnsignedLong(((String) cs.get("base")).substring(2), 16) == RESET_CS_BASE;
        if (!isAtReset) {
            return Optional.of(isHalted ? "halted" : "runnable");
        }
        return number == 0 ? Optional.empty() : Optional.of("uninitialized");
    }
}
