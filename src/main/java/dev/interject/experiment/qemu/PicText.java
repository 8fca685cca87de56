package dev.interject.experiment.qemu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code info pic} prints of the 8259s and the IOAPIC (QEMU's hw/intc), as fields of a state. */
final class PicText {

    private static final int PINS = 24;
    /** The entry is an index into the IOMMU's table (Intel VT-d, 5.1.5.1). */
    private static final long REMAPPABLE = 1L << 48;
    private static final Pattern CHIP = Pattern.compile("(?m)^pic([01]): (.*)$");
    private static final Pattern VALUE = Pattern.compile("(\\w+)=([0-9a-f]+)");
    private static final Pattern IOAPIC = Pattern.compile("(?ms)^ioapic0: .*?(?=^\\S|\\z)");
    private static final Pattern PIN = Pattern.compile("(?m)^ +pin +(\\d+) +0x([0-9a-f]{16})");
    private static final Pattern REQUESTED = Pattern.compile("(?m)^ +IRR +(\\(none\\)|[0-9 ]+)$");
    /** The registers that are printed, in hexadecimal, and what they are in a state. */
    private static final Map<String, String> REGISTERS =
            Map.of("irr", "irr", "imr", "imr", "isr", "isr", "irq_base", "base", "elcr", "elcr");

    private final List<String> notes;

    /** @param notes what is not understood is added to them */
    PicText(List<String> notes) {
        this.notes = notes;
    }

    Map<String, Object> parse(String text) {
        Map<String, Object> state = new LinkedHashMap<>();
        Matcher chip = CHIP.matcher(text);
        while (chip.find()) {
            state.put(chip.group(1).equals("0") ? "master" : "slave", chip(chip.group(2)));
        }
        if (!state.containsKey("master") || !state.containsKey("slave")) {
            notes.add("info pic shows no pair of 8259s");
        }
        List<String> ioapics = IOAPIC.matcher(text).results().map(MatchResult::group).toList();
        if (ioapics.size() == 1) {
            ioapic(ioapics.getFirst(), state);
        } else {
            notes.add(ioapics.isEmpty() ? "info pic shows no IOAPIC"
                    : "info pic shows %d IOAPICs, and does not tell which of them has the pins from 0"
                            .formatted(ioapics.size()));
        }
        return state;
    }

    private static Map<String, Object> chip(String line) {
        Map<String, Object> chip = new LinkedHashMap<>();
        Matcher value = VALUE.matcher(line);
        while (value.find()) {
            String name = value.group(1);
            if (REGISTERS.containsKey(name)) {
                chip.put(REGISTERS.get(name), "0x" + value.group(2));
            } else if (name.equals("hprio")) {
                chip.put("topPriority", Integer.parseInt(value.group(2)));
            } else if (name.equals("fnm")) {
                chip.put("specialFullyNested", !value.group(2).equals("0"));
            } else if (name.equals("rr_sel")) {
                chip.put("readsIsr", !value.group(2).equals("0"));
            }
        }
        return chip;
    }

    private void ioapic(String text, Map<String, Object> state) {
        List<Object> pins = new ArrayList<>();
        boolean isRemapped = false;
        Matcher pin = PIN.matcher(text);
        while (pin.find()) {
            isRemapped |= (Long.parseUnsignedLong(pin.group(2), 16) & REMAPPABLE) != 0;
            pins.add(Map.of("pin", Integer.parseInt(pin.group(1)), "entry", "0x" + pin.group(2)));
        }
        Matcher requested = REQUESTED.matcher(text);
        if (pins.size() != PINS || !requested.find()) {
            notes.add("info pic shows an IOAPIC with %d pins; one with %d is understood".formatted(pins.size(), PINS));
            return;
        }
        if (isRemapped) {
            notes.add("an IOMMU remaps the IOAPIC's interrupts: what its entries stand for is not shown");
            return;
        }
        int irr = 0;
        for (String number : requested.group(1).replace("(none)", "").strip().split(" +")) {
            irr |= number.isEmpty() ? 0 : 1 << Integer.parseInt(number);
        }
        state.put("ioapic", Map.of("irr", irr, "pins", pins));
    }
}
