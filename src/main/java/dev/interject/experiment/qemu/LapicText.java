package dev.interject.experiment.qemu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.interject.kvm.state.LapicRegister;

/** What {@code info lapic} prints (QEMU's target/i386/cpu-dump.c), as a LAPIC of a state. */
final class LapicText {

    private static final int ALL_ONES_BELOW_MODEL = 0x0fffffff;
    private static final Pattern REGISTER = Pattern.compile("(?m)^(\\w+)\\t 0x([0-9a-f]{8})");
    private static final Pattern TIMER =
            Pattern.compile("DCR=0x([0-9a-f]+) .*initial_count = (\\d+)(?: current_count = (\\d+))?");
    private static final Pattern VECTORS = Pattern.compile("(?m)^(ISR|IRR)\\t (.*)$");
    private static final Pattern PRIORITIES = Pattern.compile(
            "APR 0x([0-9a-f]+) TPR 0x([0-9a-f]+) DFR 0x([0-9a-f]+) LDR 0x([0-9a-f]+).* PPR 0x([0-9a-f]+)");
    private static final Map<String, LapicRegister> REGISTERS = Map.ofEntries(
            Map.entry("LVT0", LapicRegister.LVT_LINT0), Map.entry("LVT1", LapicRegister.LVT_LINT1),
            Map.entry("LVTPC", LapicRegister.LVT_PERFORMANCE), Map.entry("LVTERR", LapicRegister.LVT_ERROR),
            Map.entry("LVTTHMR", LapicRegister.LVT_THERMAL), Map.entry("LVTT", LapicRegister.LVT_TIMER),
            Map.entry("SPIV", LapicRegister.SPURIOUS), Map.entry("ICR", LapicRegister.ICR_LOW),
            Map.entry("ICR2", LapicRegister.ICR_HIGH), Map.entry("ESR", LapicRegister.ERROR_STATUS));

    private LapicText() {}

    /**
     * The LAPIC of a text; empty if it is none.
     *
     * @param id its APIC ID; empty if it is not known
     */
    static Map<String, Object> parse(String text, OptionalInt id) {
        Map<String, Object> registers = new LinkedHashMap<>();
        Matcher register = REGISTER.matcher(text);
        while (register.find()) {
            LapicRegister known = REGISTERS.get(register.group(1));
            if (known != null) {
                registers.put(known.label(), "0x" + register.group(2));
            }
        }
        Matcher timer = TIMER.matcher(text);
        if (timer.find()) {
            registers.put(LapicRegister.TIMER_DIVIDE.label(), "0x" + timer.group(1));
            registers.put(LapicRegister.TIMER_INITIAL_COUNT.label(), Long.parseLong(timer.group(2)));
            if (timer.group(3) != null) {
                registers.put(LapicRegister.TIMER_CURRENT_COUNT.label(), Long.parseLong(timer.group(3)));
            }
        }
        priorities(text, registers);
        if (registers.isEmpty()) {
            return Map.of();
        }
        id.ifPresent(number -> registers.put(LapicRegister.ID.label(), (long) number << 24 & 0xffffffffL));
        Map<String, Object> lapic = new LinkedHashMap<>();
        lapic.put("registers", registers);
        Matcher vectors = VECTORS.matcher(text);
        while (vectors.find()) {
            lapic.put(vectors.group(1).toLowerCase(Locale.ROOT), vectors(vectors.group(2)));
        }
        return lapic;
    }

    /** QEMU prints DFR's upper four bits, and LDR's upper eight. */
    private static void priorities(String text, Map<String, Object> registers) {
        Matcher found = PRIORITIES.matcher(text);
        if (found.find()) {
            registers.put(LapicRegister.ARBITRATION_PRIORITY.label(), "0x" + found.group(1));
            registers.put(LapicRegister.TASK_PRIORITY.label(), "0x" + found.group(2));
            registers.put(LapicRegister.DESTINATION_FORMAT.label(),
                    "0x%x%07x".formatted(Integer.parseInt(found.group(3), 16) & 0xf, ALL_ONES_BELOW_MODEL));
            registers.put(LapicRegister.LOGICAL_DESTINATION.label(),
                    Long.parseLong(found.group(4), 16) << 24 & 0xffffffffL);
            registers.put(LapicRegister.PROCESSOR_PRIORITY.label(), "0x" + found.group(5));
        }
    }

    private static List<Object> vectors(String text) {
        List<Object> vectors = new ArrayList<>();
        Matcher number = Pattern.compile("\\d+").matcher(text);
        while (number.find()) {
            vectors.add(Integer.parseInt(number.group()));
        }
        return vectors;
    }
}
