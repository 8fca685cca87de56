package dev.interject.experiment.setting;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The name of a setting, which may have a number in brackets, such as {@code ioapic[N].mask}.
 *
 * @param before what precedes the brackets, or the whole name
 * @param index  the number in brackets, if there is one
 * @param after  what follows the brackets
 */
public record SettingName(String before, Optional<Index> index, String after) {

    /**
     * The number in brackets.
     *
     * @param label     stands for it in the catalogue, such as {@code N}
     * @param most      the largest, unsigned
     * @param multiple  every number is a multiple of it
     * @param isDecimal whether it is written in decimal
     */
    public record Index(String label, long most, int multiple, boolean isDecimal) {

        /** The numbers that are allowed, as text. */
        public String range() {
            return "0 to %s%s".formatted(format(most), multiple == 1 ? "" : ", a multiple of " + multiple);
        }

        boolean contains(String text) {
            return Numbers.isWithin(text, most) && Long.remainderUnsigned(Numbers.parse(text), multiple) == 0;
        }

        private String format(long number) {
            return isDecimal ? Long.toUnsignedString(number) : "0x%02x".formatted(number);
        }
    }

    static SettingName of(String name) {
        return new SettingName(name, Optional.empty(), "");
    }

    static SettingName indexed(String before, Index index, String after) {
        return new SettingName(before, Optional.of(index), after);
    }

    /** Whether a name as it is written is this one, whatever number it has in brackets. */
    boolean matches(String written) {
        return index.isEmpty() ? written.equals(before)
                : written.startsWith(before + "[") && written.endsWith("]" + after)
                        && written.length() >= before.length() + after.length() + 2;
    }

    /** What a matching name has in brackets; empty if the name has none. */
    Optional<String> inBrackets(String written) {
        return index.map(_ -> written.substring(before.length() + 1, written.length() - after.length() - 1));
    }

    /** The name with a number. */
    String with(OptionalLong number) {
        return index.map(brackets -> before + "[" + brackets.format(number.orElseThrow()) + "]" + after)
                .orElse(before);
    }

    /** As the catalogue has it. */
    @Override
    public String toString() {
        return index.map(brackets -> before + "[" + brackets.label() + "]" + after).orElse(before);
    }
}
