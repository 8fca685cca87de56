package dev.interject.experiment.setting;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import dev.interject.experiment.InvalidValueException;

/** Every value that can be set by name. */
public final class SettingCatalogue {

    private static final List<SettingKind<?>> ALL = Stream
            .of(PicSettings.all(), PitSettings.all(), LapicSettings.all(), IoapicSettings.all(), RouteSettings.all(),
                    CpuSettings.all(),
                    TableSettings.all())
            .<SettingKind<?>>flatMap(List::stream)
            .toList();

    /** A name that differs in more letters is not similar. */
    private static final int FARTHEST = 4;

    private SettingCatalogue() {}

    /** All kinds, in the order in which they are listed. */
    public static List<SettingKind<?>> all() {
        return ALL;
    }

    /** @throws InvalidValueException if there is none of this name; it names a similar one */
    static SettingKind<?> named(String written) {
        return ALL.stream()
                .filter(kind -> kind.name().matches(written))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("setting '" + written + "'",
                        "does not exist" + similar(written)));
    }

    private static String similar(String written) {
        if (written.startsWith("vcpu")) {
            return "; a vCPU is named as in vcpu[1].cpu.if";
        }
        String plain = withoutIndex(written).toLowerCase(Locale.ROOT);
        SettingKind<?> nearest = ALL.stream().min(Comparator.comparingInt(kind -> distance(plain, kind))).orElseThrow();
        return distance(plain, nearest) <= FARTHEST ? "; a similar name is " + nearest.name() : "";
    }

    private static int distance(String plain, SettingKind<?> kind) {
        return distance(plain, withoutIndex(kind.name().toString()));
    }

    private static String withoutIndex(String name) {
        return name.replaceAll("\\[[^]]*]", "[]");
    }

    /** The least number of letters to add, remove or replace (Levenshtein). */
    private static int distance(String one, String other) {
        int[] previous = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] current = new int[other.length() + 1];
            current[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = previous[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[other.length()];
    }
}
