package dev.interject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

class RequirementTest {

    private static Requirement anvil(Optional<String> trouble) {
        return new Requirement("anvil", "REQUIRE_ANVIL", trouble);
    }

    @Test
    void presentRequiredOrNot_runs() {
        assertThat(anvil(Optional.empty()).evaluate(false).isDisabled()).isFalse();
        assertThat(anvil(Optional.empty()).evaluate(true).isDisabled()).isFalse();
    }

    @Test
    void missing_skipsWithTheReason() {
        ConditionEvaluationResult result = anvil(Optional.of("it fell")).evaluate(false);

        assertThat(result.isDisabled()).isTrue();
        assertThat(result.getReason()).contains("it fell");
    }

    @Test
    void missingAndRequired_fails() {
        assertThatThrownBy(() -> anvil(Optional.of("it fell")).evaluate(true))
                .hasMessage("it fell, and REQUIRE_ANVIL=1 forbids to skip");
    }
}
