package dev.interject.experiment.plan;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.interject.device.CommandPort;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.route.RouteParameter;

/** Refuses a plan that cannot succeed, before a VM exists, and says why. */
public final class PlanCheck {

    private final RunPlan plan;
    private final LineChoice lines;
    private final List<ResolvedInjection> targets;
    private final Route path;
    private final BuiltinGuest guest;
    private final Set<String> warnings = new LinkedHashSet<>();

    /** @param targets the plan's injections */
    public PlanCheck(RunPlan plan, LineChoice lines, List<ResolvedInjection> targets) {
        this.plan = plan;
        this.lines = lines;
        this.targets = targets;
        this.path = plan.effectivePath();
        this.guest = plan.effectiveGuest();
    }

    /** What the user should know, each once; none refuses the plan. Call it after {@link #refusal}. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Why the plan must not be carried out; empty if it may. */
    public Optional<String> refusal() {
        return refusalOfMachine().or(this::storm)
                .or(() -> path.refusalOf(plan.interrupt().trigger(), plan.machine().irqchip()))
                .or(this::lines);
    }

    /** Why there can be no machine for the plan, or no guest in it that could do its part. */
    public Optional<String> refusalOfMachine() {
        return vcpus().or(this::situation).or(this::guestSupport).or(this::timer).or(this::commandVector);
    }

    /**
     * Why KVM takes no interrupt on the plan's path with its irqchip. For callers that inject without looking at the
     * gates, which say the same.
     */
    public Optional<String> refusalOfPath() {
        return path.refusalOn(plan.machine().irqchip());
    }

    private Optional<String> vcpus() {
        if (plan.machine().vcpus() > 1 && !plan.machine().irqchip().hasLapicInKernel()) {
            return Optional.of("a guest starts its other vCPUs by IPIs, and with irqchip userspace there is no LAPIC");
        }
        if (targets.getFirst().vcpu() > 0 && path.passesThroughPic(guest)) {
            return Optional.of("the 8259s interrupt vCPU 0 only; guest smp takes lines through the IOAPIC");
        }
        return Optional.empty();
    }

    private Optional<String> situation() {
        return plan.machine().situation().refusalOn(plan.machine().irqchip(), plan.machine().vcpus());
    }

    /** Refuses only where the guest itself has to act; otherwise the gates predict, and a run with force observes. */
    private Optional<String> guestSupport() {
        if (path.isRaisedByGuest() && !path.supports(guest)) {
            return Optional.of("guest %s does not support path %s; see: interject guests".formatted(guest, path));
        }
        Route usual = Route.of(guest).getFirst();
        return usual.isTimer() && !path.isTimer()
                ? Optional.of("guest %s takes only the ticks of its timer: path %s".formatted(guest, usual))
                : Optional.empty();
    }

    private Optional<String> timer() {
        if (!path.isTimer()) {
            return Optional.empty();
        }
        return plan.machine().vcpus() > 1
                ? Optional.of("a guest that takes a timer's ticks has one vCPU")
                : path.refusalOn(plan.machine().irqchip()).or(() -> path.refusalOf(plan.pace().timerPeriod()));
    }

    private Optional<String> commandVector() {
        ResolvedInjection target = targets.getFirst();
        int vector = path.takes(RouteParameter.ICR) ? target.icr().vector()
                : path.takes(RouteParameter.ADDRESS) ? target.message().vector()
                        : plan.interrupt().vector().orElse(0);
        return guest.usesIoapic() && vector == CommandPort.VECTOR
                ? Optional.of(
                        "guest %s takes commands at vector 0x%02x: take another".formatted(guest, CommandPort.VECTOR))
                : Optional.empty();
    }

    private Optional<String> storm() {
        if (plan.pace().hold() > 1 && plan.interrupt().trigger() == Trigger.EDGE) {
            return Optional.of("an edge has no duration: hold needs a level trigger");
        }
        if (!plan.pace().isStorm()) {
            return Optional.empty();
        }
        if (plan.interrupt().trigger() == Trigger.LEVEL) {
            return Optional.of("a level is held until its handler has run: burst and rate need an edge trigger");
        }
        return path.isRaisedByGuest()
                ? Optional.of("the guest itself raises interrupts of path %s, one at a time: no burst and no rate"
                        .formatted(path))
                : Optional.empty();
    }

    /** Why a line cannot be driven; notes the warnings. Whether it is taken is for the gates to say. */
    private Optional<String> lines() {
        return targets.stream()
                .filter(ResolvedInjection::usesLine)
                .flatMap(target -> line(target).stream())
                .findFirst();
    }

    private Optional<String> line(ResolvedInjection target) {
        Optional<String> refusal = lines.refusal(target.line(), target.trigger());
        // controllers in user space have their pins and no more; the kernel accepts any GSI
        boolean canBeForced =
                IsaLine.exists(target.line()) || plan.machine().irqchip() == Irqchip.KERNEL && target.pullsLine();
        if (!lines.exists(target.line()) && !(plan.conduct().force() && canBeForced)) {
            return refusal;
        }
        refusal.or(() -> lines.warning(target.line())).ifPresent(warnings::add);
        return Optional.empty();
    }
}
