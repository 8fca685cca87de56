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
import dev.interject.interrupt.state.GuestState;

/** The 8254 in the kernel, which drives line 0. */
final class PitRoute extends TimerRoute {

    private static final int LINE = 0;

    /** The longest period of a 16-bit count of the 8254. */
    private static final Duration LONGEST = Duration.ofMillis(54);

    PitRoute() {
        super("pit", "KVM_CREATE_PIT2", "ENOENT", Set.of("KVM_CREATE_PIT2"), BuiltinGuest.PIT, GuestInput.PIT, LONGEST);
    }

    @Override
    public Optional<String> timerRegisters() {
        return Optional.of("pit.");
    }

    @Override
    public OptionalInt fixedLine() {
        return OptionalInt.of(LINE);
    }

    @Override
    List<RouteCase> cases(Irqchip irqchip) {
        return List.of(RouteCase.edge(irqchip, this, BuiltinGuest.PIT));
    }

    @Override
    public Optional<String> refusalOn(Irqchip irqchip) {
        return irqchip == Irqchip.KERNEL
                ? Optional.empty()
                : Optional.of("the PIT is in the kernel only if the PIC is (KVM_CREATE_PIT2: ENOENT)");
    }

    @Override
    public boolean passesThroughPic(BuiltinGuest guest) {
        return true;
    }

    @Override
    GatePath gatePath(ResolvedInjection injection, GuestState state) {
        return Gates.ofPit(state, injection);
    }

    @Override
    boolean isLatched(ResolvedInjection injection, GuestState state) {
        return state.controllers().isPending(LINE);
    }
}
