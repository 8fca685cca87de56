package dev.interject.interrupt.route;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.inject.Injector;

/** A timer in the kernel, which interrupts by itself when the guest has programmed it. */
abstract sealed class TimerRoute extends Route permits PitRoute, LapicTimerRoute {

    /** KVM lets no periodic timer tick faster (the module parameter {@code min_timer_period_us}). */
    private static final Duration SHORTEST = Duration.ofNanos(200_000);

    private final Duration longest;

    TimerRoute(String label, String request, String withoutIrqchip, Set<String> optionalCalls, BuiltinGuest usualGuest,
            GuestInput input, Duration longest) {
        super(label, request, withoutIrqchip, optionalCalls, usualGuest, Set.of(input), Set.of());
        this.longest = longest;
    }

    @Override
    public final boolean isTimer() {
        return true;
    }

    @Override
    public final Optional<String> refusalOf(Duration interval) {
        boolean canTick = interval.compareTo(SHORTEST) >= 0 && interval.compareTo(longest) <= 0;
        return canTick ? Optional.empty()
                : Optional.of("the timer of path %s ticks every 200 us to %d ms, and the interval is its period"
                        .formatted(label(), longest.toMillis()));
    }

    @Override
    final Injector injector(ResolvedInjection injection, InjectorFactory injectors, GatePath gates) {
        throw new IllegalStateException("path %s is a timer: there is no injection".formatted(label()));
    }
}
