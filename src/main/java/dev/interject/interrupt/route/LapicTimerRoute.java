package dev.interject.interrupt.route;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.gate.GuestState;

/** The timer of a LAPIC in the kernel, in each of its three modes. */
final class LapicTimerRoute extends TimerRoute {

    /** A deadline is given to the guest as a 32-bit count of TSC cycles. */
    private static final Duration LONGEST = Duration.ofMillis(500);

    LapicTimerRoute() {
        super("lapic-timer", "ticks of the timer of the LAPIC in the kernel",
                "the LAPIC's timer", "no LAPIC", LONGEST);
    }

    @Override
    public boolean supports(BuiltinGuest guest) {
        return guest.handles(GuestInput.LAPIC_TIMER);
    }

    @Override
    BuiltinGuest usualGuest(Irqchip irqchip) {
        return BuiltinGuest.PERIODIC;
    }

    @Override
    List<RouteCase> cases(Irqchip irqchip) {
        return irqchip.hasLapicInKernel()
                ? Stream.of(BuiltinGuest.ONE_SHOT, BuiltinGuest.PERIODIC, BuiltinGuest.DEADLINE)
                        .map(guest -> RouteCase.edge(irqchip, this, guest))
                        .toList()
                : List.of();
    }

    @Override
    public Optional<String> refusalOn(Irqchip irqchip) {
        return irqchip.hasLapicInKernel()
                ? Optional.empty()
                : Optional.of("with irqchip userspace there is no LAPIC, and so no timer in it");
    }

    @Override
    GatePath gatePath(ResolvedInjection injection, GuestState state) {
        return Gates.ofLapicTimer(state, this);
    }
}
