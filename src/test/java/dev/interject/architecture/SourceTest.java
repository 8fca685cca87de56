package dev.interject.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that bytecode does not show: file sizes, hand-typed numbers, package documentation. */
class SourceTest {

    private static final int LONGEST_FILE = 300;
    private static final int LONGEST_LINE = 120;

    /** Files that may be longer, each with its reason; none today. */
    private static final List<String> LONGER_FOR_A_REASON = List.of();

    /** _IO, _IOW, _IOR and _IOWR of type 0xAE: four hex digits, or eight with direction and size in front. */
    private static final Pattern KVM_REQUEST = Pattern.compile("(?i)0x(?:[0-9a-f]{4})?ae[0-9a-f]{2}(?![0-9a-f_])");

    /** A number beside a kernel constant's name is a copy of it. MAP_FAILED is a pointer, which has no layout. */
    private static final Pattern KERNEL_CONSTANT =
            Pattern.compile("\\b(?:KVM_|O_|MAP_(?!FAILED)|PROT_|SIG_)[A-Z0-9_]+\\s*=\\s*-?[0-9]");

    private static final List<Source> MAIN = Source.below(Source.MAIN);

    private static List<String> longerThanAllowed(List<Source> sources) {
        return sources.stream()
                .filter(file -> file.lines().size() > LONGEST_FILE)
                .map(file -> "%s: %d lines".formatted(file, file.lines().size()))
                .filter(file -> LONGER_FOR_A_REASON.stream().noneMatch(file::startsWith))
                .toList();
    }

    @Test
    void mainFiles_haveAtMost300Lines() {
        assertThat(MAIN).hasSizeGreaterThan(80);
        assertThat(longerThanAllowed(MAIN)).isEmpty();
    }

    @Test
    void testFiles_haveAtMost300Lines() {
        List<Source> tests = Source.below(Source.TESTS);

        assertThat(tests).hasSizeGreaterThan(20);
        assertThat(longerThanAllowed(tests)).isEmpty();
    }

    @Test
    void lines_fitInto120Columns() {
        assertThat(Stream.concat(MAIN.stream(), Source.below(Source.TESTS).stream())
                .flatMap(file -> file.lines()
                        .stream()
                        .filter(line -> line.length() > LONGEST_LINE)
                        .map(line -> file + ": " + line)))
                .isEmpty();
    }

    @Test
    void requestNumbers_areNotTypedByHand() {
        assertThat(MAIN.stream().flatMap(file -> file.find(KVM_REQUEST))).isEmpty();
    }

    @Test
    void kernelConstants_areNotTypedByHand() {
        assertThat(MAIN.stream().flatMap(file -> file.find(KERNEL_CONSTANT))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0xAE80", "0xae01;", "0x4008AE61L", "0xC008AE67", "ioctl(0xae41, 0)"})
    void requestNumberTypedByHand_isFound(String code) {
        assertThat(code).containsPattern(KVM_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0xae", "0xaf80", "0xdead0000beefL", "0x65746e49", "0xfffbc000L"})
    void otherNumber_isNoRequest(String code) {
        assertThat(code).doesNotContainPattern(KVM_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"int KVM_EXIT_IO = 2;", "O_RDWR=2", "static final int MAP_SHARED = 0x01;"})
    void kernelConstantTypedByHand_isFound(String code) {
        assertThat(code).containsPattern(KERNEL_CONSTANT);
    }

    @Test
    void everyPackage_isDocumented() throws IOException {
        try (Stream<Path> walk = Files.walk(Source.MAIN)) {
            List<Path> packages = walk.filter(Files::isDirectory).filter(found -> !found.equals(Source.MAIN)).toList();

            assertThat(packages).hasSizeGreaterThanOrEqualTo(8)
                    .allSatisfy(found -> assertThat(found.resolve("package-info.java")).content()
                            .startsWith("/**")
                            .endsWith("package dev.interject."
                                    + Source.MAIN.relativize(found).toString().replace('/', '.') + ";\n"));
        }
    }

    @Test
    void reflectionAndUnsafe_areNotUsed() {
        Pattern reflection = Pattern.compile("setAccessible|sun\\.misc\\.Unsafe|privateLookupIn|System\\.load");

        assertThat(MAIN.stream().flatMap(file -> file.find(reflection))).isEmpty();
    }

    /** The library's messages name its own values, since its users have no options of the command line. */
    @Test
    void library_namesNoOptionOfTheCommandLine() {
        Pattern option = Pattern.compile("\"[^\"]*(?<![\\w-])--[a-z][^\"]*\"");
        List<String> ofOtherPrograms = List.of("HostFixes.java", "NativeFunction.java");

        assertThat(MAIN.stream()
                .filter(file -> !file.toString().contains("/interject/cli/"))
                .filter(file -> ofOtherPrograms.stream().noneMatch(file.toString()::endsWith))
                .flatMap(file -> file.find(option))).isEmpty();
    }

    /** What is specific to a path is in its route; no other code distinguishes paths. */
    @Test
    void routes_areNotComparedOutsideTheirPackage() {
        Pattern comparison = Pattern.compile("[=!]= Route\\.[A-Z]|Route\\.[A-Z_]+ ?[=!]=|equals\\(Route\\.[A-Z]");

        assertThat(Source.below(Source.MAIN)
                .stream()
                .filter(source -> !source.path().toString().contains("/interrupt/route/"))
                .flatMap(source -> source.find(comparison))).isEmpty();
    }
}
