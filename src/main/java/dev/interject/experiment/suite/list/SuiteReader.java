package dev.interject.experiment.suite.list;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.experiment.Durations;
import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.Sizes;
import dev.interject.experiment.boot.BootPlan;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.ImageFormat;
import dev.interject.guest.image.ImageOptions;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.pc.CpuModel;

/** Makes tests of the sections of a suite's file. */
final class SuiteReader {

    /** All that a section may have: first those of kvm-unit-tests, then Interject's own. */
    static final Set<String> KEYS = Collections.unmodifiableSet(new LinkedHashSet<>(List.of("file", "smp", "test_args",
            "qemu_params", "extra_params", "kvmtool_params", "groups", "arch", "machine", "check", "accel", "timeout",
            "disabled_if", "append", "initrd", "memory", "irqchip", "cpu", "format", "mode", "load", "entry", "acpi",
            "device", "until", "exit-code")));

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(90);
    private static final int SUCCESS = 1;
    private static final String ARCHITECTURE = "x86_64";
    private static final String ACCELERATOR = "kvm";
    private static final String NONE = "none";

    private final Path file;

    SuiteReader(Path file) {
        this.file = file;
    }

    SuiteTest test(Section section) {
        Set<String> groups = words(section, "groups").collect(Collectors.toSet());
        return new SuiteTest(section.name(), groups, preconditions(section), launch(section));
    }

    private static Stream<String> words(Section section, String key) {
        return section.value(key).stream().flatMap(value -> Stream.of(value.strip().split("\\s+"))).distinct();
    }

    private List<Precondition> preconditions(Section section) {
        return words(section, "check").map(word -> {
            int equals = word.indexOf('=');
            if (equals <= 0) {
                throw invalid(section, "check", "'%s' is not FILE=VALUE".formatted(word));
            }
            return new Precondition(resolve(section, "check", word.substring(0, equals)), word.substring(equals + 1));
        }).toList();
    }

    private Launch launch(Section section) {
        String image = section.value("file")
                .orElseThrow(() -> invalid(section, "file", "test %s has no file".formatted(section.name())));
        TestMachine machine = new TestMachine();
        applyOwn(section, machine);
        ImageOptions imageOptions = imageOptions(section);
        Optional<Duration> timeout =
                value(section, "timeout", Durations::parseSeconds).or(() -> Optional.of(USUAL_TIMEOUT))
                        .filter(Duration::isPositive);
        int passing = value(section, "exit-code", SuiteValue::exitCode).orElse(SUCCESS);
        try {
            requireSupported(section);
            if (section.value("smp").isPresent()) {
                machine.vcpus(QemuOptions.vcpus(section.value("smp").get()));
            }
            QemuOptions qemu = QemuOptions.apply(qemuWords(section), machine);
            String commandLine = commandLine(section, qemu);
            BootPlan.Software software = new BootPlan.Software(resolve(section, "file", image), imageOptions,
                    commandLine, initrd(section, qemu));
            return new Launch.Boots(new BootPlan(software, machine.hardware(), timeout, section.value("until")),
                    passing);
        } catch (UnsupportedTestException unsupported) {
            return new Launch.Unsupported(unsupported.getMessage());
        }
    }

    private static void requireSupported(Section section) throws UnsupportedTestException {
        require(section, "arch", ARCHITECTURE);
        require(section, "accel", ACCELERATOR);
        require(section, "machine", "pc");
        if (section.value("disabled_if").isPresent()) {
            throw new UnsupportedTestException("needs a shell for disabled_if");
        }
    }

    private static void require(Section section, String key, String supported) throws UnsupportedTestException {
        Optional<String> wanted = section.value(key);
        if (wanted.isPresent() && !wanted.get().equals(supported)) {
            throw new UnsupportedTestException("is for %s %s, not %s".formatted(key, wanted.get(), supported));
        }
    }

    private static List<String> qemuWords(Section section) throws UnsupportedTestException {
        List<String> words = new ArrayList<>();
        for (String key : List.of("extra_params", "qemu_params")) {
            if (section.value(key).isPresent()) {
                words.addAll(ShellWords.of(section.value(key).get()));
            }
        }
        return words;
    }

    /** The first word of {@code test_args} is the whole command line, as the shell gives it to {@code -append}. */
    private String commandLine(Section section, QemuOptions qemu) throws UnsupportedTestException {
        Optional<String> append = section.value("append");
        if (section.value("test_args").isEmpty()) {
            return append.or(qemu::append).orElse("");
        }
        if (append.isPresent()) {
            throw invalid(section, "append", "append and test_args are both there");
        }
        List<String> words = ShellWords.of(section.value("test_args").get());
        if (words.size() > 1) {
            throw new UnsupportedTestException("has more than one word in test_args: "
                    + String.join(" ", words.subList(1, words.size())));
        }
        return words.isEmpty() ? "" : words.getFirst();
    }

    private void applyOwn(Section section, TestMachine machine) {
        value(section, "memory", text -> {
            machine.memoryBytes(Sizes.parseMebibytes(text));
            return text;
        });
        value(section, "irqchip", text -> SuiteValue.word(Irqchip.class, text)).ifPresent(machine::irqchip);
        value(section, "cpu", CpuModel::of).ifPresent(machine::cpu);
        value(section, "acpi", text -> word(text, "yes", "no")).filter("no"::equals)
                .ifPresent(_ -> machine.withoutAcpi());
        value(section, "device", text -> word(text, "pc-testdev", NONE)).filter(NONE::equals)
                .ifPresent(_ -> machine.withoutTestDevice());
    }

    private static String word(String text, String first, String second) {
        if (!text.equals(first) && !text.equals(second)) {
            throw new IllegalArgumentException("'%s' is neither %s nor %s".formatted(text, first, second));
        }
        return text;
    }

    private ImageOptions imageOptions(Section section) {
        return new ImageOptions(value(section, "format", text -> SuiteValue.word(ImageFormat.class, text)),
                value(section, "mode", text -> SuiteValue.word(BootMode.class, text)),
                address(section, "load"), address(section, "entry"));
    }

    private OptionalLong address(Section section, String key) {
        return value(section, key, SuiteValue::address).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private <T> Optional<T> value(Section section, String key, Function<String, T> reader) {
        try {
            return section.value(key).map(reader);
        } catch (InvalidValueException refused) {
            throw invalid(section, key, "%s %s".formatted(key, refused.complaint()));
        } catch (IllegalArgumentException refused) {
            throw invalid(section, key, "%s: %s".formatted(key, refused.getMessage()));
        }
    }

    private Optional<Path> initrd(Section section, QemuOptions qemu) {
        return section.value("initrd")
                .map(name -> resolve(section, "initrd", name))
                .or(() -> qemu.initrd().map(name -> resolve(section, "qemu_params", name)));
    }

    private Path resolve(Section section, String key, String name) {
        try {
            return file.resolveSibling(name);
        } catch (InvalidPathException refused) {
            throw invalid(section, key, "%s: no file can be named so: %s".formatted(key, refused.getReason()));
        }
    }

    private InvalidSuiteException invalid(Section section, String key, String what) {
        return new InvalidSuiteException("%s, line %d: %s".formatted(file, section.lineOf(key), what),
                "correct that line");
    }
}
