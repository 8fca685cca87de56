package dev.interject.bindings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Evaluates C expressions with the system's C compiler. */
final class CCompiler {

    private static final List<String> NAMES = List.of("cc", "gcc", "clang");

    /** {@code FILE:LINE:COLUMN: error: …}, where the file carries on with one expression a line. */
    private static final Pattern ERROR = Pattern.compile("(?m)^[^:\n]*probe\\.c:(\\d+):\\d+: (?:fatal )?error:.*$");

    private final Path executable;
    private final Path directory;

    private CCompiler(Path executable, Path directory) {
        this.executable = executable;
        this.directory = directory;
    }

    /** @param directory where it may write */
    static Optional<CCompiler> onPath(Path directory) {
        return Tool.find(NAMES).map(found -> new CCompiler(found, directory));
    }

    /** The values of some C expressions. */
    record Answers(List<Layouts.Claim> values, List<String> unknown) {}

    /**
     * Evaluates expressions over the headers of {@code native-headers/interject.h}. Those that this system's older
     * headers do not define are listed separately.
     */
    Answers evaluate(Path header, List<String> expressions) throws IOException, InterruptedException {
        List<String> known = new ArrayList<>(expressions);
        List<String> unknown = new ArrayList<>();
        Tool.Result compiled = compile(header, known);
        if (compiled.status() != 0) {
            List<String> rejected = rejected(compiled.output(), known);
            known.removeAll(rejected);
            unknown.addAll(rejected);
            compiled = compile(header, known);
        }
        if (compiled.status() != 0) {
            throw new AssertionError("the C compiler fails:\n" + compiled.output());
        }
        Tool.Result run = Tool.run(directory, List.of(directory.resolve("probe").toString()));
        List<Layouts.Claim> values = new ArrayList<>();
        List<Long> printed = run.output().lines().map(Long::parseLong).toList();
        for (int i = 0; i < known.size(); i++) {
            values.add(new Layouts.Claim(known.get(i), printed.get(i)));
        }
        return new Answers(values, unknown);
    }

    private Tool.Result compile(Path header, List<String> expressions) throws IOException, InterruptedException {
        List<String> program = new ArrayList<>();
        program.add("#include \"" + header + "\"");
        program.add("#include <stddef.h>");
        program.add("#include <stdio.h>");
        program.add("int main(void) {");
        expressions.forEach(expression -> program.add("printf(\"%lld\\n\", (long long)(" + expression + "));"));
        program.add("return 0; }");
        Files.write(directory.resolve("probe.c"), program);
        return Tool.run(directory, List.of(executable.toString(), "-w", "-fmax-errors=0", "-o", "probe", "probe.c"));
    }

    private static List<String> rejected(String log, List<String> expressions) {
        int firstLine = 5;
        Matcher errors = ERROR.matcher(log);
        Stream<Integer> lines = errors.results().map(error -> Integer.parseInt(error.group(1)));
        return lines.distinct()
                .map(line -> line - firstLine)
                .filter(index -> index >= 0 && index < expressions.size())
                .map(expressions::get)
                .toList();
    }
}
