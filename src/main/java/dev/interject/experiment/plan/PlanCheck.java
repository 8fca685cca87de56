package dev.interject.experiment.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.interject.device.CommandPort;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;

/** Refuses, before anything is made, what could not come to a good end, and says why. */
public final class PlanCheck {

    private final RunPlan plan;
    private final LineChoice lines;
    private final List<ResolvedInjection> targets;
    private final Path path;
    private final BuiltinGuest guest;
    private final List<String> warnings = new ArrayList<>();

    public PlanCheck(RunPlan plan, LineChoice lines, List<ResolvedInjection> targets) {
        this.plan = plan;
        this.lines = lines;
        this.targets = targets;
        this.path = plan.effectivePath();
        this.guest = plan.effectiveGuest();
    }

    /** What the user should know, but what stops nothing. After {@link #refusal}. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Why the plan must not be carried out; empty where it may. */
    public Optional<String> refusal() {
        return refusalOfMachine().or(this::storm).or(this::resample).or(this::lines);
    }

    /** Why there can be no machine for the plan, or no guest in it that could do its part. */
    public Optional<String> refusalOfMachine() {
        return vcpus().or(this::guestTakes).or(this::timer).or(this::notOfThisPath);
    }

    private Optional<String> vcpus() {
        int to = targets.getFirst().vcpu();
        if (plan.vcpus() > MemoryMap.MOST_VCPUS) {
            return Optional
                    .of("a guest has at most %d vCPUs here, not %d".formatted(MemoryMap.MOST_VCPUS, plan.vcpus()));
        }
        if (plan.vcpus() > 1 && !plan.irqchip().hasLapicInKernel()) {
            return Optional.of("a guest starts its other vCPUs by IPIs, and with irqchip userspace there is no LAPIC");
        }
        if (to >= plan.vcpus()) {
            return Optional.of("there is no vCPU %d: --vcpus %d would make it".formatted(to, to + 1));
        }
        if (to > 0 && targets.getFirst().goesThroughPic(guest)) {
            return Optional.of("the 8259s interrupt vCPU 0 only; guest smp takes lines through the IOAPIC");
        }
        return Optional.empty();
    }

    /** Only where the guest itself has to act; elsewhere the gates tell, and --force shows. */
    private Optional<String> guestTakes() {
        boolean guestActs = path == Path.IPI || path.isTimer();
        if (guestActs && !guest.paths().contains(path)) {
            return Optional.of("guest %s knows nothing of path %s; see: interject guests".formatted(guest, path));
        }
        if (guest.paths().getFirst().isTimer() && !path.isTimer()) {
            return Optional.of("guest %s takes the ticks of its timer only: --path %s".formatted(guest,
                    guest.paths().getFirst()));
        }
        return Optional.empty();
    }

    /** What would be ignored, so that the user would believe to see what is not there. */
    private Optional<String> notOfThisPath() {
        boolean line = path.pullsKernelLine() || path == Path.VECTOR;
        if (plan.vector().isPresent() && path != Path.VECTOR && !path.isMessage() && path != Path.IPI) {
            return Optional.of("path %s takes no vector: --vector goes with vector, msi and ipi".formatted(path));
        }
        if (!plan.lines().isEmpty() && !line) {
            return Optional
                    .of("path %s pulls no line of yours: --irq goes with a path that has a line".formatted(path));
        }
        if (plan.trigger() == Trigger.LEVEL && !line) {
            return Optional.of("path %s has no level: --trigger level takes a line".formatted(path));
        }
        if (guest.usesIoapic() && plan.vector().orElse(0) == CommandPort.VECTOR) {
            return Optional.of("guest %s is asked for IPIs at vector 0x%02x: take another".formatted(guest,
                    CommandPort.VECTOR));
        }
        return Optional.empty();
    }

    private Optional<String> timer() {
        if (path.isTimer() && (plan.vcpus() > 1 || targets.getFirst().vcpu() > 0)) {
            return Optional.of("a guest that takes a timer's ticks has one vCPU");
        }

        if (path == Path.PIT && plan.irqchip() != Irqchip.KERNEL) {
            return Optional.of("the PIT is in the kernel only where the PIC is (KVM_CREATE_PIT2: ENOENT)");
        }
        if (path == Path.LAPIC_TIMER && !plan.irqchip().hasLapicInKernel()) {
            return Optional.of("with irqchip userspace there is no LAPIC, and so no timer in it");
        }
        if (path.isTimer() && !TimerPeriod.canTick(plan)) {
            return Optional.of("a timer ticks every 200 us to %s, which --interval gives".formatted(
                    path == Path.PIT ? "54 ms" : "500 ms"));
        }
        return Optional.empty();
    }

    private Optional<String> storm() {
        if (plan.pace().hold() > 1 && plan.trigger() == Trigger.EDGE) {
            return Optional.of("an edge is over at once: --hold goes with --trigger level");
        }
        if (!plan.pace().isStorm()) {
            return Optional.empty();
        }
        if (plan.trigger() == Trigger.LEVEL) {
            return Optional
                    .of("a level is held until the handler has spoken: --burst, --rate and --threads take edges");
        }
        if (path == Path.IPI || path.isTimer()) {
            return Optional.of("path %s comes from the guest itself, one at a time: no --burst, --rate or --threads"
                    .formatted(path));
        }
        return Optional.empty();
    }

    private Optional<String> resample() {
        return path == Path.IRQFD && plan.trigger() == Trigger.LEVEL && plan.irqchip() == Irqchip.SPLIT
                ? Optional.of(
                        "a resample eventfd needs the IOAPIC in the kernel (KVM_IRQFD: EINVAL with a split irqchip)")
                : Optional.empty();
    }

    /** Why a line must not be pulled; notes what else there is to say of it. */
    private Optional<String> lines() {
        for (ResolvedInjection target : targets) {
            Optional<String> refusal = target.usesLine() ? line(target) : Optional.empty();
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    private Optional<String> line(ResolvedInjection target) {
        Optional<String> refusal = lines.refusal(target.line(), target.trigger());
        // our own controllers have their pins and no more; the kernel can be asked for any GSI
        boolean exists = IsaLine.exists(target.line()) || plan.irqchip() == Irqchip.KERNEL && target.pullsLine();
        if (refusal.isPresent() && !(plan.force() && exists)) {
            return refusal;
        }
        refusal.or(() -> lines.warning(target.line())).ifPresent(warnings::add);
        return Optional.empty();
    }
}
