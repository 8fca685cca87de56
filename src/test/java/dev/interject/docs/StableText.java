package dev.interject.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What stays the same from run to run: text without times, addresses and counts of exits. */
final class StableText {

    private static final Pattern COUNTERS =
            Pattern.compile(".*(irq_injections|_exits|exits) ?.*\\d.*|[\\d, a-z_]+exits.*");
    private static final Pattern FRACTION = Pattern.compile("[-+]?\\d[\\d,]*\\.\\d+");
    private static final Pattern ADDRESS = Pattern.compile("0x(?!fee)[0-9a-f]{4,}|\\b[0-9a-f]{4}:[0-9a-f]{4}\\b");
    private static final Pattern EVENTS = Pattern.compile("\\b\\d[\\d,]*(?= (?:more )?events)");

    private final Pattern mask;

    /** @param mask what else varies, as a regular expression; empty for nothing */
    StableText(String mask) {
        this.mask = Pattern.compile(mask.isEmpty() ? "(?!)" : mask);
    }

    String of(String line) {
        if (COUNTERS.matcher(line).matches()) {
            return "<counters>";
        }
        String stable = mask.matcher(line).replaceAll("#");
        stable = ADDRESS.matcher(FRACTION.matcher(stable).replaceAll("#")).replaceAll("0x#");
        return EVENTS.matcher(stable).replaceAll("#").replaceAll("\\s+", " ").strip();
    }

    /** The lines that are not blank; KVM's counters, which wrap as their figures have it, become one line. */
    List<String> of(List<String> lines) {
        List<String> stable = new ArrayList<>();
        for (String line : lines) {
            String text = of(line);
            boolean again = text.equals("<counters>") && !stable.isEmpty() && stable.getLast().equals(text);
            if (!text.isEmpty() && !again) {
                stable.add(text);
            }
        }
        return stable;
    }
}
