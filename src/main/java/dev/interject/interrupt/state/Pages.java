package dev.interject.interrupt.state;

import java.util.Map;
import java.util.Optional;

/**
 * The pages that matter for the delivery of an interrupt in long mode: those of the stacks and of the handlers.
 *
 * @param byNumber by linear address without its lowest 12 bits, shifted right by 12; empty in other modes
 */
public record Pages(Map<Long, Page> byNumber) {

    /** None is known. */
    public static final Pages UNKNOWN = new Pages(Map.of());

    private static final int PAGE_SHIFT = 12;

    public Pages {
        byNumber = Map.copyOf(byNumber);
    }

    /** The number of the page that contains a linear address. */
    public static long numberOf(long linear) {
        return linear >>> PAGE_SHIFT;
    }

    /** The page that contains a linear address; empty if it was not read. */
    public Optional<Page> at(long linear) {
        return Optional.ofNullable(byNumber.get(numberOf(linear)));
    }
}
