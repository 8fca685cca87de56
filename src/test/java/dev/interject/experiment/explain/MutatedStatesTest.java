package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.state.InvalidStateException;
import dev.interject.experiment.state.StateFile;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.route.RouteParameter;
import org.junit.jupiter.api.Test;

/** Files that are states of no machine, made of one that is. */
class MutatedStatesTest {

    private static final int FILES = 500;
    private static final Pattern VALUE = Pattern.compile("(?<=: )(\"[^\"]*\"|[0-9]+|true|false)(?=,?\\n)");
    private static final List<String> VALUES = List.of("0", "1", "255", "\"0x10000\"", "\"0xffffffffffffffff\"",
            "true", "false", "null", "-1", "\"\"", "[]", "{}", "\"kernel\"", "\"split\"", "\"userspace\"", "\"00\"",
            "\"0xfee00c00\"", "\"0x8000\"", "\"halted\"", "\"init-received\"");

    /** Those that another value is tried of. */
    private static final List<String> OTHERS =
            List.of("0", "\"0xffffffff\"", "true", "false", "\"init-received\"", "\"0x8000\"");

    /** Registers that no gate reads, bytes, and what belongs to another path. */
    private static final Pattern OF_NO_INTEREST = Pattern.compile("\"(r[a-d]x|r[sd]i|rbp|r\\d+|cr2|cr8|bytes|entry"
            + "|pin|gsi|loadTimeNanos|d[bs]|[efg]s|irr|elcr.*|to|lvt(?!0|Timer).*|icr.*|version|apr|ppr|esr)\": $");

    private static final String WHOLE = dump();

    private static String dump() {
        try (InputStream in = MutatedStatesTest.class.getResourceAsStream("/state/smp.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Optional<StateFile> read(String json) {
        try {
            return Optional.of(StateFile.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), "x",
                    Path.of("")));
        } catch (InvalidStateException invalid) {
            assertThat(invalid.getMessage()).hasLineCount(1).hasSizeLessThan(400);
            return Optional.empty();
        }
    }

    private static InterruptChoice interrupt(Route route) {
        InterruptChoice choice = InterruptChoice.by(route);
        return route.takes(RouteParameter.LINE) ? choice.withLine(10) : choice;
    }

    private static Optional<ExplainReport> explain(StateFile file, Route route, OptionalInt to) {
        return Optional.of(StateExplainExperiment
                .explain(new StatePlan(file, "x", interrupt(route), to)));
    }

    @Test
    void mutatedFile_isRefusedOrExplained() {
        Random random = new Random(20261130);
        List<MatchResult> values = VALUE.matcher(WHOLE).results().toList();
        long read = IntStream.range(0, FILES)
                .mapToObj(_ -> mutated(random, values))
                .flatMap(json -> read(json).stream())
                .peek(file -> Route.all().forEach(route -> explain(file, route, OptionalInt.empty())))
                .count();

        assertThat(read).isBetween(FILES / 10L, (long) FILES);
    }

    /** A few values are others; or a byte is, or the end is missing. */
    private static String mutated(Random random, List<MatchResult> values) {
        StringBuilder json = new StringBuilder(WHOLE);
        if (random.nextInt(10) == 0) {
            json.setLength(random.nextInt(json.length()));
            return json.toString();
        }
        if (random.nextInt(10) == 0) {
            json.setCharAt(random.nextInt(json.length()), (char) (' ' + random.nextInt(95)));
            return json.toString();
        }
        List<Integer> places =
                random.ints(1 + random.nextInt(3), 0, values.size()).distinct().boxed().sorted().toList();
        places.reversed()
                .forEach(place -> json.replace(values.get(place).start(), values.get(place).end(),
                        other(random, values.get(place).group())));
        return json.toString();
    }

    /** Mostly of the same type. */
    private static String other(Random random, String value) {
        List<String> alike = VALUES.stream()
                .filter(one -> random.nextInt(10) == 0 || Character.getType(one.charAt(0)) == Character.getType(
                        value.charAt(0)) && one.startsWith("\"0x") == value.startsWith("\"0x"))
                .toList();
        return alike.isEmpty() ? "null" : alike.get(random.nextInt(alike.size()));
    }

    /**
     * A value that decides is not assumed where it is missing: if another value of a field makes another fate of an
     * interrupt that is taken, the fate is not "taken" without the field.
     */
    @Test
    void fieldThatDecides_isUnknownWithoutIt() {
        List<String> wrong = new ArrayList<>();
        int[] decisive = {0};
        StateFile whole = read(WHOLE).orElseThrow();
        for (Route route : List.of(Route.MSI, Route.NMI)) {
            Fate fate = fate(whole, route);
            assertThat(fate).isEqualTo(Fate.TAKEN);
            VALUE.matcher(WHOLE).results().filter(value -> !isOfNoInterest(value)).forEach(value -> {
                boolean decides = OTHERS.stream()
                        .flatMap(other -> read(replaced(value, other)).stream())
                        .anyMatch(file -> fate(file, route) != fate);
                Optional<StateFile> without = decides ? read(replaced(value, "null")) : Optional.empty();
                decisive[0] += decides ? 1 : 0;
                without.filter(file -> fate(file, route) == Fate.TAKEN)
                        .ifPresent(_ -> wrong.add(route + ": " + WHOLE.substring(value.start() - 40, value.end())));
            });
        }

        assertThat(wrong).isEmpty();
        assertThat(decisive[0]).isGreaterThan(30);
    }

    private static boolean isOfNoInterest(MatchResult value) {
        return OF_NO_INTEREST.matcher(WHOLE.substring(Math.max(0, value.start() - 30), value.start())).find();
    }

    private static String replaced(MatchResult value, String other) {
        return new StringBuilder(WHOLE).replace(value.start(), value.end(), other).toString();
    }

    private static Fate fate(StateFile file, Route route) {
        return Stream.of(explain(file, route, OptionalInt.of(0)).orElseThrow())
                .map(report -> report.explanation().orElseThrow().prediction().fate())
                .findFirst()
                .orElseThrow();
    }
}
