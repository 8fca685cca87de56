package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class ResourceStackTest {

    private final ResourceStack resources = new ResourceStack();

    private AutoCloseable failing(String message) {
        return () -> {
            throw new IllegalStateException(message);
        };
    }

    @Test
    void close_closesInReverseOrder() {
        List<Integer> closed = new ArrayList<>();
        IntStream.range(0, 3).forEach(i -> resources.register((AutoCloseable) () -> closed.add(i)));

        resources.close();
        resources.close();

        assertThat(closed).containsExactly(2, 1, 0);
    }

    @Test
    void closeThatFails_closesTheOthersToo() {
        AtomicInteger closed = new AtomicInteger();
        resources.register((AutoCloseable) closed::incrementAndGet);
        resources.register(failing("second"));
        resources.register(failing("first"));

        assertThatIllegalStateException().isThrownBy(resources::close)
                .withMessage("first")
                .satisfies(failed -> assertThat(failed.getSuppressed()).singleElement()
                        .matches(other -> other.getMessage().equals("second")));
        assertThat(closed).hasValue(1);
    }

    @Test
    void registrationAfterClose_closesTheResourceAndThrows() {
        AtomicInteger closed = new AtomicInteger();
        resources.close();

        assertThatIllegalStateException().isThrownBy(() -> resources.register((AutoCloseable) closed::incrementAndGet))
                .withMessage("the machine is closed");
        assertThat(closed).hasValue(1);
    }

    @Test
    void registrationByManyThreads_closesEachResourceOnce() {
        AtomicInteger closed = new AtomicInteger();
        List<CompletableFuture<Void>> threads = IntStream.range(0, 4)
                .mapToObj(_ -> CompletableFuture.runAsync(() -> IntStream.range(0, 10_000)
                        .forEach(_ -> resources.register((AutoCloseable) closed::incrementAndGet))))
                .toList();
        threads.forEach(CompletableFuture::join);

        resources.close();

        assertThat(closed).hasValue(40_000);
    }
}
