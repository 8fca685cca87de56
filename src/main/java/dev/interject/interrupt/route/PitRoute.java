package dev.interject.interrupt.route;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.gate.GuestState;

/** The 8254 in the kernel, which drives line 0. */
final class PitRoute extends TimerRoute {

    private static final int LINE = 0;

    /** What fits into an 8254's 16 bits. */
    private static final Duration LONGEST = Duration.ofMillis(54);

    PitRoute() {
        super("pit", "ticks of the PIT in the kernel, on line 0", "KVM_CREATE_PIT2", "ENOENT", LONGEST);
    }

    @Override
    public Set<String> optionalCalls() {
        return Set.of("KVM_CREATE_PIT2");
    }

    @Override
    public OptionalInt fixedLine() {
        return OptionalInt.of(LINE);
    }

    @Override
    public boolean supports(BuiltinGuest guest) {
        return guest.handles(GuestInput.PIT);
    }

    @Override
    BuiltinGuest usualGuest(Irqchip irqchip) {
        return BuiltinGuest.PIT;
    }

    @Override
    List<RouteCase> cases(Irqchip irqchip) {
        return irqchip == Irqchip.KERNEL ? List.of(RouteCase.edge(irqchip, this, BuiltinGuest.PIT)) : List.of();
    }

    @Override
    public Optional<String> refusalOn(Irqchip irqchip) {
        return irqchip == Irqchip.KERNEL
                ? Optional.empty()
                : Optional.of("the PIT is in the kernel only where the PIC is (KVM_CREATE_PIT2: ENOENT)");
    }

    @Override
    public boolean passesThroughPic(BuiltinGuest guest) {
        return true;
    }

    @Override
    GatePath gatePath(ResolvedInjection injection, GuestState state) {
        return Gates.ofPit(state, this);
    }

    @Override
    boolean isLatched(ResolvedInjection injection, GuestState state) {
        return state.controllers().isPending(LINE);
    }
}
