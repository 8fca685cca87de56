package dev.interject.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Words that this project once used for things that have a name in the field. None may come back, neither in a sentence
 * nor as a word of an identifier.
 */
class DialectTest {

    private static final Pattern BETWEEN_WORDS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|_");

    private static final List<String> WHERE = List.of("src/main", "src/test", "guest", "native-headers", "bench",
            "scripts", "packaging", "docs", "examples", "README.md", "CONTRIBUTING.md", "interject", "pom.xml");

    private static final List<Line> LINES = WHERE.stream().flatMap(DialectTest::lines).toList();

    /** @param searched its text, and the same with identifiers split into words */
    private record Line(Path file, int number, String text, String searched) {

        private Line(Path file, int number, String text) {
            this(file, number, text, text + "\n" + BETWEEN_WORDS.matcher(text).replaceAll(" "));
        }

        @Override
        public String toString() {
            return "%s:%d: %s".formatted(Source.ROOT.relativize(file), number, text);
        }
    }

    private static Stream<Line> lines(String where) {
        try (Stream<Path> files = Files.walk(Source.ROOT.resolve(where))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".xsd") && !file.endsWith("DialectTest.java"))
                    .toList()
                    .stream()
                    .flatMap(DialectTest::numbered);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Stream<Line> numbered(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return IntStream.range(0, lines.size()).mapToObj(i -> new Line(file, i + 1, lines.get(i).strip()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The last column is how many are still there; it only ever falls. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            '(?:is|are) meant' ; target ; 0
            '(?:is|are|was) heard|hears' ; receives, observes ; 0
            as it is then ; say when ; 0
            asks? on ; repeats ; 0
            astray ; misrouted ; 0
            bells? ; doorbell, event ; 0
            'by turns|in turns?' ; alternately ; 2
            comes? to be ; is made ; 0
            errands? ; task ; 0
            floors? ; layer, minimum ; 6
            for good ; permanently ; 0
            for want of ; because there is no ; 0
            forgets ; drops ; 0
            had of ; available ; 0
            'hand(?:s|ed|ing)? (?:it |them |one |this |that )?over|handover' ; inject ; 0
            'handler''s word|the handler''s word' ; acknowledgement ; 0
            'has spoken|have spoken' ; the handler ran or acknowledged ; 0
            'house rules?|DESIGN''s house|the house' ; rules ; 0
            improper ; not portable ; 0
            in hand ; waiting, pending ; 0
            is to be had ; available ; 0
            'is told|are told|was told|is not told' ; passive telling: say what is sent, reported or set ; 0
            'lean(?:s|ed|ing)? on' ; depends on ; 0
            leash(?:ed)? ; debugger ; 0
            lets? go ; de-asserts, releases ; 0
            'lookout|workbench' ; inspector ; 0
            makes? use of ; uses ; 0
            'mends?|mended' ; fix ; 0
            nobody ; no ; 3
            not to be told ; unknown ; 0
            'roof|cellar' ; what it is ; 0
            so often ; N times ; 0
            'the (?:vCPU|one) meant' ; target vCPU ; 0
            the old way ; userspace irqchip ; 0
            the word of ; acknowledgement ; 0
            there is to be had ; available ; 0
            this host cannot ; host unsupported ; 0
            turns? back ; exits ; 0
            untold ; inconclusive ; 0
            'way in|ways in' ; path ; 0
            what there is ; list it ; 0
            whoever ; the caller ; 0
            'legacy way|modern way' ; userspace or kernel irqchip ; 0
            sleepers? ; halted guest ; 0
            mis?rung ; invalid write ; 0
            'guests? that mean ill' ; hostile guest ; 0
            'what (?:became|becomes) of' ; what happened to ; 0
            'all the same' ; nevertheless ; 0
            anew ; again ; 0
            'at hand' ; current, available ; 0
            'asked for' ; requested ; 0
            'becomes? of|become of' ; happens to ; 0
            'by the clock' ; at a fixed rate ; 0
            'comes? through|goes astray' ; passes, is misrouted ; 0
            'do without|does without' ; does not need ; 0
            '(?:empty|null) where' ; if ; 0
            'for ever' ; permanently, endlessly ; 0
            'goes on|go on' ; continues ; 0
            'half-?way' ; in part ; 0
            '(?<!there )(?:is|are) no (?!longer|more)' ; is not a ; 0
            'knows nothing|knows no|knows neither' ; does not depend on ; 0
            'once more' ; again ; 0
            our own ; userspace, Interject''s ; 0
            silent ways ; paths without a status ; 0
            'somebody|everybody' ; a user, all users ; 0
            'so many' ; N, this many ; 0
            'turned down' ; rejected ; 0
            """)
    void word_isNotUsed(String word, String instead, int stillThere) {
        Pattern pattern = Pattern.compile("(?i)(?<![\\p{L}])(?:" + word + ")(?![\\p{L}])");

        assertThat(LINES.stream().filter(line -> pattern.matcher(line.searched()).find()))
                .as("'%s': write %s", word, instead)
                .hasSizeLessThanOrEqualTo(stillThere);
    }
}
