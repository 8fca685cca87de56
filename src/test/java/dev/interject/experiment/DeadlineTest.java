package dev.interject.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

class DeadlineTest {

    @Test
    void longestTime_doesNotOverflow() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(deadline.isOver()).isFalse();
        assertThat(deadline.left()).isGreaterThan(Duration.ofDays(300));
    }

    @Test
    void zeroTime_isOverWithNothingLeft() {
        assertThat(Deadline.after(Duration.ZERO).isOver()).isTrue();
        assertThat(Deadline.after(Duration.ofSeconds(-1)).left()).isZero();
    }

    @Test
    void earlierOfTwo_isTheOneThatExpiresFirst() {
        assertThat(Deadline.after(Duration.ofDays(1)).orAfter(Duration.ZERO).isOver()).isTrue();
        assertThat(Deadline.after(Duration.ZERO).orAfter(Duration.ofDays(1)).isOver()).isTrue();
    }
}
