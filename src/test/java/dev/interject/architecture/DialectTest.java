package dev.interject.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words that this project once used for things that have a name in the field. None may come back. */
class DialectTest {

    private static final List<String> WHERE = List.of("src/main", "src/test", "guest", "native-headers", "bench",
            "scripts", "packaging", "docs", "examples", "README.md", "CONTRIBUTING.md", "interject", "pom.xml");

    private static final List<String> LINES = WHERE.stream().flatMap(DialectTest::lines).toList();

    private static Stream<String> lines(String where) {
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

    private static Stream<String> numbered(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
                    .map(i -> "%s:%d: %s".formatted(Source.ROOT.relativize(file), i + 1, lines.get(i).strip()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The last column is how many are still there; it only ever falls. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            '(?:is|are) meant' ; target ; 11
            '(?:is|are|was) heard|hears' ; receives, observes ; 22
            as it is then ; say when ; 1
            asks? on ; repeats ; 0
            astray ; misrouted ; 12
            bells? ; doorbell, event ; 47
            'by turns|in turns' ; alternately ; 4
            comes? to be ; is made ; 0
            errands? ; task ; 58
            floors? ; layer ; 24
            for good ; permanently ; 8
            for want of ; because there is no ; 1
            forgets ; drops ; 14
            had of ; available ; 1
            'hand(?:s|ed|ing)? (?:it |them |one |this |that )?over|handover' ; inject ; 76
            'handler''s word|the handler''s word' ; acknowledgement ; 12
            'has spoken|have spoken' ; the handler ran or acknowledged ; 18
            'house rules?|DESIGN''s house|the house' ; rules ; 1
            improper ; not portable ; 4
            in hand ; waiting, pending ; 5
            is to be had ; available ; 1
            'is told|are told|was told|is not told' ; passive telling: say what is sent, reported or set ; 30
            'lean(?:s|ed|ing)? on' ; depends on ; 12
            leash(?:ed)? ; debugger ; 77
            lets? go ; de-asserts, releases ; 8
            'lookout|workbench' ; inspector ; 11
            makes? use of ; uses ; 1
            'mends?|mended' ; fix ; 9
            nobody ; no ; 83
            not to be told ; unknown ; 1
            'roof|cellar' ; what it is ; 0
            so often ; N times ; 8
            'the (?:vCPU|one) meant' ; target vCPU ; 1
            the old way ; userspace irqchip ; 2
            the word of ; acknowledgement ; 0
            there is to be had ; available ; 0
            this host cannot ; host unsupported ; 11
            turns? back ; exits ; 0
            untold ; inconclusive ; 11
            'way in|ways in' ; path ; 7
            what there is ; list it ; 4
            whoever ; the caller ; 27
            """)
    void word_isNotUsed(String word, String instead, int stillThere) {
        Pattern pattern = Pattern.compile("(?i)(?<![\\p{L}])(?:" + word + ")(?![\\p{L}])");

        assertThat(LINES.stream().filter(line -> pattern.matcher(line.substring(line.indexOf(": "))).find()))
                .as("'%s': write %s", word, instead)
                .hasSizeLessThanOrEqualTo(stillThere);
    }
}
