package dev.interject.interrupt.route;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.state.GuestState;

/** The timer of a LAPIC in the kernel, in each of its three modes. */
final class LapicTimerRoute extends TimerRoute {

    /** A deadline is given to the guest as a 32-bit count of TSC cycles. */
    private static final Duration LONGEST = Duration.ofMillis(500);

    LapicTimerRoute() {
        super("lapic-timer", "the LAPIC's timer", "no LAPIC", Set.of(), BuiltinGuest.PERIODIC, GuestInput.LAPIC_TIMER,
                LONGEST);
    }

    @Override
    List<RouteCase> cases(Irqchip irqchip) {
        return Stream.of(BuiltinGuest.ONE_SHOT, BuiltinGuest.PERIODIC, BuiltinGuest.DEADLINE)
                .map(guest -> RouteCase.edge(irqchip, this, guest))
                .toList();
    }

    @Override
    public Optional<String> timerRegisters() {
        return Optional.of("lapic.timer.");
    }

    @Override
    public Optional<String> refusalOn(Irqchip irqchip) {
        return irqchip.hasLapicInKernel()
                ? Optional.empty()
                : Optional.of("with irqchip userspace there is no LAPIC, and so no timer in it");
    }

    @Override
    GatePath gatePath(ResolvedInjection injection, GuestState state) {
        return Gates.ofLapicTimer(state, injection);
    }
}
