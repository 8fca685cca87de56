package dev.interject.experiment.image;

import java.time.Duration;
import java.util.OptionalLong;

import dev.interject.experiment.Durations;
import dev.interject.experiment.InvalidValueException;

/** When a guest is frozen that cannot say when it is ready. */
public sealed interface Moment {

    /** What happens then, as a clause in the past: {@code its console showed 'ready'}. */
    String describe();

    /** How long the guest runs on purpose before the time limit begins. */
    default Duration runs() {
        return Duration.ZERO;
    }

    /**
     * Before vCPU 0 executes the instruction at a place.
     *
     * @param name    the symbol, or the address as text
     * @param address the linear address; empty: that of the symbol
     */
    record At(String name, OptionalLong address) implements Moment {

        private static final int HIGHEST_BIT = 47;

        /**
         * Checks that it is an address.
         *
         * @throws InvalidValueException if bits 63 to 47 differ (Intel SDM vol. 1, "Canonical Addressing")
         */
        public At {
            long upper = address.orElse(0) >> HIGHEST_BIT;
            if (upper != 0 && upper != -1) {
                throw new InvalidValueException("at", "must be a canonical address: bits 63 to 47 are equal");
            }
        }

        /** At a symbol of the image. */
        public static At symbol(String symbol) {
            return new At(symbol, OptionalLong.empty());
        }

        /** At a linear address. */
        public static At address(long linear) {
            return new At("0x" + Long.toHexString(linear), OptionalLong.of(linear));
        }

        @Override
        public String describe() {
            return "it reached " + name;
        }
    }

    /** When the guest has run for some time. */
    record After(Duration time) implements Moment {

        /**
         * Checks the time.
         *
         * @throws InvalidValueException if it is not above 0
         */
        public After {
            if (!time.isPositive()) {
                throw new InvalidValueException("after", "must be above 0");
            }
        }

        @Override
        public String describe() {
            return "it had run for " + Durations.format(time);
        }

        @Override
        public Duration runs() {
            return time;
        }
    }

    /** When the console has shown a text. */
    record When(String text) implements Moment {

        /**
         * Checks the text.
         *
         * @throws InvalidValueException if it is empty
         */
        public When {
            if (text.isEmpty()) {
                throw new InvalidValueException("when", "must not be empty");
            }
        }

        @Override
        public String describe() {
            return "its console showed '%s'".formatted(text);
        }
    }

    /** When the guest can take the interrupt: all its gates are open. */
    record WhenOpen() implements Moment {

        @Override
        public String describe() {
            return "the interrupt could be taken";
        }
    }
}
