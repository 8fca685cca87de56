package dev.interject.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The pages agree with the program: commands, options, names of classes and files. */
class PagesTest {

    private static final Map<String, CommandLine> COMMANDS = Main.commandLine().getSubcommands();
    private static final Set<String> ON_EVERY_COMMAND = Set.of("--help", "--version", "--verbose");
    private static final Set<String> OPTIONS = COMMANDS.keySet()
            .stream()
            .flatMap(command -> options(command).stream())
            .collect(Collectors.toSet());

    private static final Pattern INVOCATION = Pattern.compile("\\binterject ([a-z]+)\\b([^|;&>`]*)");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");
    private static final Pattern SOURCE_FILE =
            Pattern.compile("(?:(?:cli|experiment|machine|guest|interrupt|trace|device|kvm|linux)/)[\\w/]*[A-Z]\\w*");
    private static final Pattern PACKAGE =
            Pattern.compile("(?:cli|experiment|machine|guest|interrupt|trace|device|kvm|linux)(?:\\.[a-z]+)+");

    /** Two capitals at least, and a small letter between: {@code GuestState}, not {@code LAPIC} or {@code Machine}. */
    private static final Pattern CLASS = Pattern.compile("(?:[A-Z][a-z]+){2,}[A-Z]?");

    /** Classes of others that pages name. */
    private static final Set<String> FOREIGN = Set.of("HotSpot", "AppCDS", "MemorySegment", "SymbolLookup",
            "ReentrantLock", "SoftReference", "IllegalStateException",
            "IllegalArgumentException", "TimeoutException", "InputStream", "OutputStream");

    static List<Page> pages() {
        return Page.all();
    }

    static Set<String> commands() {
        return COMMANDS.keySet().stream().filter(command -> !command.equals("help")).collect(Collectors.toSet());
    }

    private static Set<String> options(String command) {
        return COMMANDS.get(command)
                .getCommandSpec()
                .options()
                .stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .collect(Collectors.toSet());
    }

    /** {@code lines} has no page of its own. */
    private static Page pageOf(String command) {
        return Page.of("docs/%s.md".formatted(switch (command) {
            case "lines" -> "guests";
            case "boot", "suite" -> "your-guest";
            default -> command;
        }));
    }

    private static Stream<String> optionsIn(String text) {
        return OPTION.matcher(text).results().map(MatchResult::group);
    }

    @Test
    void readme_isShort() {
        assertThat(Page.of("README.md").lines()).hasSizeLessThanOrEqualTo(250);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommand_hasAPageWithItsOptions(String command) {
        Set<String> documented = Stream.of(pageOf(command), Page.of("docs/run.md"))
                .flatMap(page -> page.lines().stream())
                .flatMap(PagesTest::optionsIn)
                .collect(Collectors.toSet());

        assertThat(pageOf(command).lines()).anyMatch(line -> line.contains("interject " + command));
        assertThat(options(command)).isSubsetOf(Stream.of(documented, ON_EVERY_COMMAND).flatMap(Set::stream).toList());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyCommandLine_hasOptionsOfThatCommand(Page page) {
        Stream<String> code =
                Stream.concat(page.codeSpans().stream(),
                        page.blocks().stream().flatMap(block -> block.lines().stream()));

        assertThat(code.flatMap(line -> INVOCATION.matcher(line).results())
                .filter(invocation -> COMMANDS.containsKey(invocation.group(1))))
                .allSatisfy(invocation -> assertThat(optionsIn(invocation.group(2))).as(invocation.group())
                        .isSubsetOf(options(invocation.group(1))));
    }

    /** An option alone in a code span, as in the tables. */
    @ParameterizedTest
    @MethodSource("pages")
    void everyOptionInATable_exists(Page page) {
        assertThat(page.lines()
                .stream()
                .filter(line -> line.startsWith("| `--"))
                .map(line -> line.split("\\|")[1])
                .flatMap(PagesTest::optionsIn)).isSubsetOf(OPTIONS);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyRelativeLink_leadsSomewhere(Page page) {
        assertThat(page.links().stream().filter(link -> !link.contains("://"))).allSatisfy(link -> {
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty() ? page.path() : page.path().resolveSibling(parts[0]).normalize();
            assertThat(target).exists();
            assertThat(anchors(target)).contains(parts.length == 1 ? "" : parts[1]);
        });
    }

    private static List<String> anchors(Path target) {
        Stream<String> headings = target.toString().endsWith(".md")
                ? Page.of(target.toString()).anchors().stream()
                : Stream.empty();
        return Stream.concat(Stream.of(""), headings).toList();
    }

    /** Every page is reached from the index. */
    @Test
    void index_listsEveryPage() throws IOException {
        List<String> listed = Page.of("docs/README.md").links();

        try (Stream<Path> files = Files.list(Path.of("docs"))) {
            assertThat(listed).containsAll(files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
                    .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyClassThatIsNamed_exists(Page page) {
        assertThat(page.codeSpans()
                .stream()
                .map(span -> span.replaceFirst("[(.].*", ""))
                .filter(CLASS.asMatchPredicate())
                .filter(name -> !CLASSES.contains(name))).isEmpty();
    }

    /** As {@code machine/Machine} or {@code experiment.run}. */
    @ParameterizedTest
    @MethodSource("pages")
    void everyFileAndPackageThatIsNamed_exists(Page page) {
        Path root = Path.of("src/main/java/dev/interject");

        assertThat(page.codeSpans()
                .stream()
                .filter(SOURCE_FILE.asMatchPredicate())
                .filter(name -> !Files.exists(root.resolve(name + ".java")))).isEmpty();
        assertThat(page.codeSpans()
                .stream()
                .filter(PACKAGE.asMatchPredicate())
                .filter(name -> !Files.exists(root.resolve(name.replace('.', '/'))))).isEmpty();
    }

    private static final Set<String> CLASSES = Stream.of("src/main/java", "src/test/java", "examples")
            .flatMap(PagesTest::classes)
            .collect(Collectors.collectingAndThen(Collectors.toSet(), classes -> {
                classes.addAll(FOREIGN);
                return classes;
            }));

    /** Code in a page is code of an example, which a test compiles. */
    @ParameterizedTest
    @MethodSource("pages")
    void everyJavaBlock_isInAnExample(Page page) {
        assertThat(page.blocks("java")
                .stream()
                .map(block -> String.join("\n", block.lines()))
                .flatMap(code -> Stream.of(code.split("\n *…\n")))).allMatch(
                        code -> EXAMPLES.stream().anyMatch(example -> example.contains(code)));
    }

    private static final List<String> EXAMPLES = List.of("library/module-info", "library/examples/ByHand",
            "library/examples/ByPlan", "library/examples/OwnKernel", "junit/LineTest")
            .stream()
            .map(PagesTest::example)
            .toList();

    private static String example(String name) {
        try {
            return Files.readString(Path.of("examples", name + ".java"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void libraryPage_namesEveryExportedPackage() throws IOException {
        List<String> named = Page.of("docs/library.md").codeSpans();

        assertThat(Files.readAllLines(Path.of("src/main/java/module-info.java"))
                .stream()
                .filter(line -> line.strip().startsWith("exports "))
                .map(line -> line.strip().substring("exports ".length()).replace(";", ""))).hasSizeGreaterThan(10)
                .isSubsetOf(named);
    }

    /** Only {@code console} blocks are run. */
    @ParameterizedTest
    @MethodSource("pages")
    void everyPrompt_isInAConsoleBlock(Page page) {
        assertThat(page.blocks().stream().filter(block -> !block.language().equals("console"))).allSatisfy(
                block -> assertThat(block.lines()).noneMatch(line -> line.startsWith("$ ")));
    }

    private static Stream<String> classes(String root) {
        try (Stream<Path> files = Files.walk(Path.of(root))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.replace(".java", ""))
                    .toList()
                    .stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
