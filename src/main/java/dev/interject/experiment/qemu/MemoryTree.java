package dev.interject.experiment.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code info mtree -f} prints: where memory is, and whose the controllers are.
 *
 * @param memory        the ranges of RAM and ROM
 * @param hasKernelPic  whether the 8259s and the IOAPIC are KVM's
 * @param hasKernelApic whether the LAPICs are KVM's
 */
record MemoryTree(List<Range> memory, boolean hasKernelPic, boolean hasKernelApic) {

    private static final Pattern VIEW = Pattern.compile("(?m)^FlatView #\\d+$");
    private static final Pattern RANGE =
            Pattern.compile("(?m)^ +([0-9a-f]{16})-([0-9a-f]{16}) \\(prio -?\\d+, (?:ram|rom|romd)\\)");

    /** Guest-physical addresses, both included. */
    record Range(long first, long last) {}

    static MemoryTree parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String view : VIEW.split(text)) {
            Matcher range = RANGE.matcher(view.contains("AS \"memory\"") ? view : "");
            while (range.find()) {
                ranges.add(new Range(Long.parseUnsignedLong(range.group(1), 16),
                        Long.parseUnsignedLong(range.group(2), 16)));
            }
        }
        return new MemoryTree(List.copyOf(ranges), text.contains(": kvm-ioapic"), text.contains(": kvm-apic-msi"));
    }

    /** Whether all these bytes are memory. Ranges that touch are not joined: a table or page lies in one. */
    boolean contains(long address, long length) {
        return memory.stream()
                .anyMatch(range -> address >= range.first() && length >= 0
                        && address - 1 + length <= range.last() && address + length >= address);
    }
}
