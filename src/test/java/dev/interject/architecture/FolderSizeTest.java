package dev.interject.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

/** A folder is read at a glance. */
class FolderSizeTest {

    /** Folders with many files, each with the reason. */
    private static final Map<String, String> LARGER_FOR_A_REASON = Map.of(
            "kvm", "one type for each file descriptor and each exit",
            "machine/vcpu", "one state machine and its debugger, which share the entry into the guest",
            "interrupt/gate", "one model of the gates, package-private but for its results",
            "experiment/bench", "one subject: measures, the C reference, statistics");

    private static final int LARGEST_FOLDER = 20;

    @Test
    void foldersOfMoreThan20Files_areListedHereWithAReason() {
        Map<String, Long> files = Source.below(Source.MAIN)
                .stream()
                .map(source -> Source.ROOT.resolve(source.path()))
                .filter(file -> !file.endsWith("package-info.java"))
                .collect(Collectors.groupingBy(FolderSizeTest::folder, Collectors.counting()));

        assertThat(files.keySet().stream().filter(folder -> files.get(folder) > LARGEST_FOLDER))
                .containsExactlyInAnyOrderElementsOf(LARGER_FOR_A_REASON.keySet());
    }

    private static String folder(Path file) {
        return Source.MAIN.relativize(file.getParent()).toString();
    }
}
