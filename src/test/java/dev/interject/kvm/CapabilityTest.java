package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.bindings.NativeHeaders;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CapabilityTest {

    @ParameterizedTest
    @EnumSource
    void number_isThatOfTheHeadersNameForIt(Capability capability) throws ReflectiveOperationException {
        assertThat(NativeHeaders.class.getMethod(capability.name()).invoke(null)).isEqualTo(capability.number());
    }

    @ParameterizedTest
    @EnumSource
    void meaning_isOneShortLine(Capability capability) {
        assertThat(capability.meaning()).isNotBlank().hasSizeLessThan(60).doesNotContain("\n").doesNotEndWith(".");
    }
}
