package dev.interject.device;

import java.util.ArrayList;
import java.util.List;

/**
 * Ranges of addresses, each owned by one device. A machine has about ten, so a linear search is enough; it allocates
 * nothing.
 */
final class Ranges<D> {

    private final List<Range<D>> ranges = new ArrayList<>();

    /** A range, both ends inclusive. */
    record Range<D>(long first, long last, D device) {

        @Override
        public String toString() {
            return "0x%x-0x%x".formatted(first, last);
        }
    }

    /** @throws IllegalArgumentException if it overlaps another */
    void add(Range<D> added) {
        for (Range<D> range : ranges) {
            if (range.first <= added.last && added.first <= range.last) {
                throw new IllegalArgumentException("%s for %s overlaps %s, which %s owns".formatted(added,
                        name(added), range, name(range)));
            }
        }
        ranges.add(added);
    }

    /** The range that contains an address; null if none does. */
    Range<D> find(long address) {
        for (int i = 0; i < ranges.size(); i++) {
            Range<D> range = ranges.get(i);
            if (range.first <= address && address <= range.last) {
                return range;
            }
        }
        return null;
    }

    private static String name(Range<?> range) {
        Class<?> type = range.device.getClass();
        return type.isAnonymousClass() ? type.getTypeName() : type.getSimpleName();
    }
}
