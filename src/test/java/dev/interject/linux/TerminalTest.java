package dev.interject.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {

    @ParameterizedTest
    @CsvSource({"/dev/null, false", "/dev/ptmx, true"})
    void descriptor_isATerminalOnlyIfItsFileIs(String path, boolean terminal) {
        try (Fd fd = Fd.openReadWrite(path)) {
            assertThat(Terminal.isTerminal(fd.number())).isEqualTo(terminal);
        }
    }

    @ParameterizedTest
    @CsvSource({"-1", "1000000"})
    void noDescriptor_isNoTerminal(int number) {
        assertThat(Terminal.isTerminal(number)).isFalse();
    }
}
