package dev.interject.interrupt.state;

import java.util.Map;
import java.util.Optional;

/** The pages that matter for the delivery of an interrupt: those of stacks, handlers, and the next instruction. */
public sealed interface Pages {

    /** None is known. */
    Pages UNKNOWN = new Walked(Map.of());

    /** The page that contains a linear address; empty if it was not read. */
    Optional<Page> at(long linear);

    /** The number of the page that contains a linear address: the address shifted right by 12. */
    static long numberOf(long linear) {
        return linear >>> Walked.SHIFT;
    }

    /** The linear address at which a page starts. */
    static long addressOf(long number) {
        return number << Walked.SHIFT;
    }

    /**
     * Pages found in the guest's page tables.
     *
     * @param byNumber those that were looked up, by {@link Pages#numberOf}
     */
    record Walked(Map<Long, Page> byNumber) implements Pages {

        private static final int SHIFT = 12;

        public Walked {
            byNumber = Map.copyOf(byNumber);
        }

        @Override
        public Optional<Page> at(long linear) {
            return Optional.ofNullable(byNumber.get(numberOf(linear)));
        }
    }

    /**
     * Without paging, a linear address is a physical one.
     *
     * @param ramBytes the size of RAM, which begins at 0
     */
    record Unpaged(long ramBytes) implements Pages {

        @Override
        public Optional<Page> at(long linear) {
            return Optional.of(Page.unpaged(numberOf(linear) << Walked.SHIFT, linear >= 0 && linear < ramBytes));
        }
    }
}
