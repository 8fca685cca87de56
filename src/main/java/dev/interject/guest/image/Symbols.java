package dev.interject.guest.image;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The symbols of a guest image, from its ELF symbol table. */
public final class Symbols {

    /** Those of an image that has none. */
    public static final Symbols NONE = new Symbols(Map.of(), Map.of(), 0);

    /** No label is good for more bytes than this; what is further away belongs to something without a name. */
    private static final long LONGEST = 1 << 24;

    private final NavigableMap<Long, String> byAddress = new TreeMap<>();
    private final Map<String, Long> byName;
    private final long end;

    /**
     * @param addresses code and data labels
     * @param constants symbols that are numbers, not addresses
     * @param end       the first address after the image
     */
    Symbols(Map<String, Long> addresses, Map<String, Long> constants, long end) {
        addresses.forEach((name, address) -> byAddress.put(address, name));
        this.byName = new TreeMap<>(constants);
        this.byName.putAll(addresses);
        this.end = end;
    }

    /** The value of a symbol; empty if the image has no such symbol. */
    public OptionalLong value(String name) {
        Long value = byName.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** All names, in alphabetical order. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** An address in the form {@code symbol+0x12}; empty outside the image. */
    public String describe(long address) {
        Map.Entry<Long, String> symbol = byAddress.headMap(address, true).lastEntry();
        long offset = symbol == null ? LONGEST : address - symbol.getKey();
        if (offset >= LONGEST || address >= end) {
            return "";
        }
        return offset == 0 ? symbol.getValue() : "%s+0x%x".formatted(symbol.getValue(), offset);
    }
}
