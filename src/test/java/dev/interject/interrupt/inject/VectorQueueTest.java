package dev.interject.interrupt.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class VectorQueueTest {

    private static final int PRODUCERS = 3;
    private static final int EACH = 300_000;

    private final VectorQueue queue = new VectorQueue(4);

    @Test
    void newQueue_isEmpty() {
        assertThat(queue.isPending()).isFalse();
        assertThat(queue.size()).isZero();
        assertThatIllegalStateException().isThrownBy(queue::acknowledge).withMessage("no vector waits");
    }

    @Test
    void vectors_areReturnedInTheOrderOfInsertion() {
        queue.add(0x50);
        queue.add(0x41);
        queue.add(0x41);

        assertThat(queue.size()).isEqualTo(3);
        assertThat(queue.acknowledge()).isEqualTo(0x50);
        assertThat(queue.acknowledge()).isEqualTo(0x41);
        assertThat(queue.isPending()).isTrue();
        assertThat(queue.acknowledge()).isEqualTo(0x41);
        assertThat(queue.isPending()).isFalse();
    }

    @Test
    void fullQueue_growsAndKeepsTheOrder() {
        queue.add(0x99);
        queue.acknowledge(); // the ring no longer begins at its start

        IntStream.range(0, 40).forEach(queue::add);

        assertThat(queue.size()).isEqualTo(40);
        assertThat(IntStream.range(0, 40).map(i -> queue.acknowledge())).containsExactly(IntStream.range(0, 40)
                .boxed()
                .toArray(Integer[]::new));
    }

    @Test
    void withdrawal_removesAllOfOneVectorAndKeepsTheOrderOfTheOthers() {
        for (int vector : new int[]{0x41, 0x50, 0x41, 0x60, 0x41}) {
            queue.add(vector);
        }

        assertThat(queue.withdraw(0x41)).isEqualTo(3);
        assertThat(queue.withdraw(0x41)).isZero();
        assertThat(queue.acknowledge()).isEqualTo(0x50);
        assertThat(queue.acknowledge()).isEqualTo(0x60);
        assertThat(queue.isPending()).isFalse();
    }

    @Test
    void wrappedQueue_keepsTheOrder() {
        assertThat(IntStream.range(0, 50).flatMap(round -> {
            queue.add(3 * round);
            queue.add(3 * round + 1);
            queue.add(3 * round + 2);
            return IntStream.of(queue.acknowledge(), queue.acknowledge(), queue.acknowledge());
        }).toArray()).containsExactly(IntStream.range(0, 150).toArray());
    }

    @Test
    void withdrawal_worksAcrossTheEndOfTheRing() {
        queue.add(0x99);
        queue.add(0x99);
        queue.acknowledge();
        queue.acknowledge();
        queue.add(0x41);
        queue.add(0x42);
        queue.add(0x41);
        queue.add(0x41);

        assertThat(queue.withdraw(0x99)).isZero();
        assertThat(queue.withdraw(0x41)).isEqualTo(3);
        assertThat(queue.acknowledge()).isEqualTo(0x42);
        assertThat(queue.isPending()).isFalse();
    }

    @Test
    void concurrentProducers_loseNoneAndKeepEachInOrder() {
        VectorQueue shared = new VectorQueue(1); // which grows meanwhile
        int[] taken = new int[PRODUCERS];
        boolean inOrder = true;
        try (ExecutorService producers = Executors.newFixedThreadPool(PRODUCERS)) {
            for (int producer = 0; producer < PRODUCERS; producer++) {
                int mark = producer;
                producers.execute(() -> IntStream.range(0, EACH).forEach(i -> shared.add(i * PRODUCERS + mark)));
            }
            for (int i = 0; i < PRODUCERS * EACH; i++) {
                int vector = next(shared);
                inOrder &= vector / PRODUCERS == taken[vector % PRODUCERS]++;
            }
        }

        assertThat(inOrder).isTrue();
        assertThat(taken).containsOnly(EACH);
        assertThat(shared.isPending()).isFalse();
    }

    private static int next(VectorQueue queue) {
        while (!queue.isPending()) {
            spin();
        }
        return queue.acknowledge();
    }

    /** A lost vector must end in the timeout's interrupt, not in an endless loop. */
    private static void spin() {
        Thread.onSpinWait();
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("interrupted");
        }
    }
}
