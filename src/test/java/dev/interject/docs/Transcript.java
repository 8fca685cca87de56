package dev.interject.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;

/** One command of a console block and the output that the page shows for it; a line of {@code …} stands for any. */
record Transcript(Block block, int line, String command, List<String> shown) {

    private static final String PROMPT = "$ ./interject ";

    static List<Transcript> of(Block block) {
        List<Transcript> transcripts = new ArrayList<>();
        List<String> lines = block.lines();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("$ ")) {
                int end = i + 1;
                while (end < lines.size() && !lines.get(end).startsWith("$ ")) {
                    end++;
                }
                transcripts.add(new Transcript(block, block.start() + i, lines.get(i), lines.subList(i + 1, end)));
            }
        }
        return transcripts;
    }

    /** All of all pages that a test can run. */
    static List<Transcript> all() {
        return Page.all()
                .stream()
                .flatMap(page -> page.blocks("console").stream())
                .filter(block -> block.directive("not run").isEmpty())
                .flatMap(block -> of(block).stream())
                .toList();
    }

    /** The arguments as a shell would split them; a comment at the end is dropped. */
    String[] arguments() {
        if (!command.startsWith(PROMPT)) {
            throw new IllegalStateException(this + ": a test runs ./interject only; say '<!-- not run: why -->'");
        }
        return Interject.words(command.substring(PROMPT.length()).replaceFirst("\\s+#.*", ""));
    }

    /** Standard output, then standard error, without blank lines at the beginning and the end. */
    static List<String> output(ChildProcess.Result result) {
        return Stream.concat(stripBlankLines(result.out()), result.err().lines()).map(String::stripTrailing).toList();
    }

    private static Stream<String> stripBlankLines(String text) {
        return text.replaceFirst("\\A\n+", "").stripTrailing().lines();
    }

    ChildProcess.Result run() {
        return Interject.run(arguments());
    }

    /** A failure is reported in a separate line, which the page shows. */
    boolean showsFailure() {
        return shown.stream().anyMatch(line -> line.startsWith("interject: "));
    }

    Excerpt excerpt() {
        String mask = block.directive("varies").isEmpty() ? block.directive("mask") : "[-+]?\\d[\\d,.]*";
        return new Excerpt(shown, new StableText(mask));
    }

    @Override
    public String toString() {
        return "%s:%d: %s".formatted(block.page(), line + 1, command);
    }
}
