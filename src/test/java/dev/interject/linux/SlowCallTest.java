package dev.interject.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlowCallTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void longestCallSinceAMoment_isFound() {
        long now = System.nanoTime();

        SlowCall.returned("KVM_A", now - 400_000 * SECOND);
        SlowCall.returned("KVM_B", now - 300_000 * SECOND);
        SlowCall.returned("KVM_C", System.nanoTime());

        assertThat(SlowCall.longestSince(now).map(SlowCall::name)).hasValue("KVM_A");
        assertThat(SlowCall.longestSince(System.nanoTime())).isEmpty();
    }
}
