package dev.interject.machine.vcpu;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;
import org.junit.jupiter.api.Test;

class RunRetriesTest {

    private static final int FAR_TOO_MANY = 100_000;

    private final RunRetries retries = new RunRetries();

    @Test
    void callThatAlwaysFailsAtOnce_becomesAFailureOfTheHost() {
        assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> {
            for (int i = 0; i < FAR_TOO_MANY; i++) {
                retries.pauseBeforeNext(Errno.EAGAIN, true);
            }
        }).withMessageStartingWith("KVM_RUN: EAGAIN");
    }

    @Test
    void callThatFailsOccasionally_isAlwaysRepeated() {
        assertThatNoException().isThrownBy(() -> {
            for (int i = 0; i < FAR_TOO_MANY; i++) {
                retries.pauseBeforeNext(Errno.EINTR, true);
                retries.reset();
            }
        });
    }
}
