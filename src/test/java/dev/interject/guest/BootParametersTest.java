package dev.interject.guest;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;

import dev.interject.interrupt.Trigger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BootParametersTest {

    @ParameterizedTest
    @CsvSource({"-1, 0, 1, 'lines must be 0 or above, not [-1]'", "9, -1, 1, 'destination must be 0 to 255, not -1'",
        "9, 256, 1, 'destination must be 0 to 255, not 256'", "9, 0, 0, 'vcpus must be 1 to 32, not 0'",
        "9, 0, 33, 'vcpus must be 1 to 32, not 33'"})
    void valueOutOfRange_isNamed(int line, int destination, int vcpus, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BootParameters(Set.of(line), Trigger.EDGE, destination, vcpus))
                .withMessage(message);
    }
}
