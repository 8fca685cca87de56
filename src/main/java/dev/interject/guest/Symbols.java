package dev.interject.guest;

import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The symbols of a guest image, from its ELF symbol table. */
public final class Symbols {

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

    /** An address in the form {@code symbol+0x12}; empty outside the image. */
    public String describe(long address) {
        Map.Entry<Long, String> symbol = byAddress.floorEntry(address);
        if (symbol == null || address >= end) {
            return "";
        }
        long offset = address - symbol.getKey();
        return offset == 0 ? symbol.getValue() : "%s+0x%x".formatted(symbol.getValue(), offset);
    }
}
