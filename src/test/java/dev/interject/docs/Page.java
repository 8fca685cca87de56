package dev.interject.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Markdown file of this repository. */
record Page(Path path, List<String> lines) {

    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");
    private static final Pattern FENCE = Pattern.compile("```(\\w*)");
    private static final Pattern CODE_SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    /** Every page that a reader meets: those at the top, of {@code docs} and of {@code examples}. */
    static List<Page> all() {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
                Stream<Path> examples = Files.walk(ROOT.resolve("examples"))) {
            return Stream.of(top, docs, examples)
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .map(file -> of(ROOT.relativize(file).toString()))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Page of(String path) {
        try {
            return new Page(Path.of(path), Files.readAllLines(ROOT.resolve(path)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The fenced blocks in this language, such as {@code console}. */
    List<Block> blocks(String language) {
        return blocks().stream().filter(block -> block.language().equals(language)).toList();
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            var fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                int end = i + 1;
                while (!lines.get(end).equals("```")) {
                    end++;
                }
                blocks.add(new Block(this, fence.group(1), i + 1, end));
                i = end;
            }
        }
        return blocks;
    }

    /** Lines outside of fenced blocks. */
    List<String> prose() {
        List<String> prose = new ArrayList<>(lines);
        blocks().forEach(block -> prose.subList(block.start() - 1, block.end() + 1).replaceAll(line -> ""));
        return prose;
    }

    List<String> codeSpans() {
        return prose().stream().flatMap(line -> CODE_SPAN.matcher(line).results()).map(span -> span.group(1)).toList();
    }

    List<String> links() {
        return prose().stream()
                .flatMap(line -> LINK.matcher(line).results())
                .map(MatchResult::group)
                .map(link -> link.substring(2, link.length() - 1))
                .toList();
    }

    /** Anchors of the headings, as GitHub makes them. */
    List<String> anchors() {
        return prose().stream()
                .map(HEADING::matcher)
                .filter(heading -> heading.matches())
                .map(heading -> heading.group(1).toLowerCase().replaceAll("[^\\p{L}\\d _-]", "").replace(' ', '-'))
                .toList();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
