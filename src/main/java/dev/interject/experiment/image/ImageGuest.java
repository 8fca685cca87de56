package dev.interject.experiment.image;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.experiment.NearWord;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.boot.BootEnd;
import dev.interject.experiment.boot.BootedPc;
import dev.interject.experiment.boot.PcBuilder;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;
import dev.interject.machine.VcpuHandle;
import dev.interject.machine.vcpu.StepResult;
import dev.interject.machine.vcpu.VcpuEnd;
import dev.interject.machine.vcpu.VcpuEndedException;
import dev.interject.trace.Recorder;

/**
 * A user's image that runs to a moment and is frozen there: all its vCPUs are held.
 *
 * <p>Methods throw {@link EndedEarlyException} if the guest has ended, the host has failed or the user has cancelled.
 */
public final class ImageGuest implements AutoCloseable {

    /** How long the guest runs towards an address before the time limit and the user's request are checked again. */
    private static final Duration SLICE = Duration.ofMillis(100);
    /** How long a guest runs between two looks, at least. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(2);
    /** How many times longer than a look it runs, so that it gets on where looks take long. */
    private static final int LOOKS_TIME = 4;

    /**
     * A guest whose vCPUs are all held.
     *
     * @param reached whether it is at the moment; otherwise it is where it was when the time was up
     * @param state   as vCPU 0 sees it
     */
    public record Frozen(boolean reached, GuestState state) {}

    private final ImagePlan plan;
    private final Cancellation cancellation;
    private final GuestImage image;
    private final BootedPc pc;
    private final Deadline deadline;
    private final ImageEndings endings;
    private boolean isAtMoment;
    private Duration untilNextLook = LOOK_EVERY;

    /**
     * Loads the image; its console is connected to nothing.
     *
     * @throws dev.interject.guest.boot.UnbootableImageException if the image cannot be booted
     */
    public ImageGuest(ImagePlan plan, Cancellation cancellation) {
        this(plan, cancellation, Deadline.after(plan.effectiveTimeout()), "while it was single-stepped",
                Recorder.off());
    }

    /**
     * As above, with the time limit of several guests.
     *
     * @param then     what is done at the moment, such as {@code while it was single-stepped}
     * @param recorder records what happens
     */
    public ImageGuest(ImagePlan plan, Cancellation cancellation, Deadline deadline, String then, Recorder recorder) {
        this.plan = plan;
        this.cancellation = cancellation;
        PcBuilder builder = BootedPc.builder(plan.machine().software(), plan.machine().hardware());
        this.image = builder.image();
        requireSymbol();
        if (plan.moment() instanceof Moment.When(String text)) {
            builder.holdAt(text);
        }
        this.pc = builder.recorder(recorder).build();
        pc.console().discard();
        this.deadline = deadline;
        this.endings = new ImageEndings(plan, then, pc.machine(), deadline);
    }

    private void requireSymbol() {
        if (plan.moment() instanceof Moment.At(String name, var address) && address.isEmpty()
                && image.symbols().value(name).isEmpty()) {
            var names = image.symbols().names();
            String instead = names.isEmpty() ? ": it has no symbols; give an address"
                    : NearWord.of(name, names).map("; did you mean '%s'?"::formatted).orElse("");
            throw new EndedEarlyException(Outcome.REFUSED,
                    "image %s has no symbol '%s'%s".formatted(plan.machine().name(), name, instead));
        }
    }

    /** The virtual machine. */
    public Machine machine() {
        return pc.machine();
    }

    /**
     * Runs the guest to the plan's moment, and freezes it there.
     *
     * @param isOpen whether the interrupt can be taken in a state, which is that of vCPU 0
     */
    public Frozen runToMoment(Predicate<GuestState> isOpen) {
        try {
            return switch (plan.moment()) {
                case Moment.At at ->
                    freeze(runTo(at.address().orElseGet(() -> image.symbols().value(at.name()).getAsLong())));
                case Moment.After(Duration time) -> freeze(runFor(time));
                case Moment.When _ -> freeze(runUntilShown());
                case Moment.WhenOpen _ -> runUntilOpen(isOpen);
            };
        } catch (VcpuEndedException ended) {
            throw endedEarly(ended.end());
        }
    }

    private Frozen freeze(boolean reached) {
        isAtMoment |= reached;
        vcpus().forEach(VcpuHandle::hold);
        pc.resume(); // from the text of a console
        return new Frozen(reached, machine().vcpu(0).inspect());
    }

    private Stream<VcpuHandle> vcpus() {
        return IntStream.range(0, machine().vcpus()).mapToObj(machine()::vcpu);
    }

    private boolean runTo(long address) {
        machine().startHeld();
        boolean reached = standsAt(address);
        while (!reached && !deadline.isOver()) {
            reached = machine().vcpu(0).runTo(address, deadline.orAfter(SLICE).left()) || standsAt(address);
            requireGoingOn();
        }
        return reached;
    }

    /** In an HLT the instruction that is next is executed only after an interrupt. */
    private boolean standsAt(long address) {
        CpuState cpu = machine().vcpu(0).inspectCpu();
        return cpu.special().cs().base() + cpu.registers().rip() == address && !cpu.halted();
    }

    private boolean runFor(Duration time) {
        machine().start();
        Deadline moment = deadline.orAfter(time);
        pc.pause(moment, cancellation);
        requireGoingOn();
        return moment != deadline;
    }

    private boolean runUntilShown() {
        machine().start();
        boolean shown = pc.awaitShown(deadline, cancellation);
        requireGoingOn();
        return shown;
    }

    /** Devices run on while the vCPUs are held, so the state that was found open is the one that counts. */
    private Frozen runUntilOpen(Predicate<GuestState> isOpen) {
        machine().start();
        Frozen frozen = lookAfterPause(isOpen);
        while (!frozen.reached() && !deadline.isOver()) {
            vcpus().forEach(VcpuHandle::resume);
            frozen = lookAfterPause(isOpen);
        }
        return frozen;
    }

    private Frozen lookAfterPause(Predicate<GuestState> isOpen) {
        pc.pause(deadline.orAfter(untilNextLook), cancellation);
        requireGoingOn();
        long start = System.nanoTime();
        Frozen frozen = freeze(false);
        requireGoingOn();
        boolean isOpenNow = isOpen.test(frozen.state());
        long took = System.nanoTime() - start;
        untilNextLook = Duration.ofNanos(Math.max(LOOK_EVERY.toNanos(), LOOKS_TIME * took));
        isAtMoment |= isOpenNow;
        return new Frozen(isOpenNow, frozen.state());
    }

    /** Freezes it where it is. */
    public GuestState freeze() {
        return freeze(true).state();
    }

    /** Lets all vCPUs run on. */
    public void resume() {
        vcpus().forEach(VcpuHandle::resume);
    }

    /** Lets all vCPUs run on but one. */
    public void resumeOthers(int vcpu) {
        vcpus().filter(other -> other.number() != vcpu).forEach(VcpuHandle::resume);
    }

    /** Whether the time limit is over. */
    public boolean isLate() {
        return deadline.isOver();
    }

    /** A time, or what is left of the time limit. */
    public Duration atMost(Duration time) {
        return deadline.orAfter(time).left();
    }

    /** Requires that neither a crash nor the host has ended the guest, which may have ended itself. */
    public void requireNotCrashed() {
        if (pc.end().filter(BootEnd.Exited.class::isInstance).isEmpty()) {
            requireGoingOn();
        }
    }

    /**
     * Has vCPU 0, which is frozen, execute one instruction or take one interrupt; empty if the guest ends or has ended.
     */
    public Optional<StepResult> step() {
        while (pc.end().filter(end -> end.isFailure() || end instanceof BootEnd.Exited).isEmpty()) {
            requireGoingOn();
            if (deadline.isOver()) {
                throw new EndedEarlyException(late(""));
            }
            try {
                StepResult result = machine().vcpu(0).step();
                if (!(result instanceof StepResult.Aborted)) { // a step that takes very long is tried again
                    return Optional.of(result);
                }
            } catch (VcpuEndedException ended) {
                // the monitor has how
            }
        }
        return Optional.empty();
    }

    /** Pauses, so that the guest's devices run on; not beyond the time limit or the guest's end. */
    public void pause(Duration time) {
        pc.pause(deadline.orAfter(time), cancellation);
    }

    /** Whether the guest has crashed or reset its machine. */
    public boolean hasCrashed() {
        return pc.end().filter(BootEnd::isFailure).isPresent();
    }

    /** Requires that neither guest, host nor user has ended the experiment. */
    public void requireGoingOn() {
        pc.end().ifPresent(end -> {
            throw endedEarly(end);
        });
        if (cancellation.isRequested()) {
            throw endedEarly(new BootEnd.Interrupted());
        }
    }

    /** A vCPU has ended, but what ended the guest may be known better. */
    public EndedEarlyException endedEarly(VcpuEnd end) {
        return pc.end().map(this::endedEarly).orElseGet(() -> new EndedEarlyException(Ending.of(end)));
    }

    private EndedEarlyException endedEarly(BootEnd end) {
        return new EndedEarlyException(endings.of(end, isAtMoment));
    }

    /**
     * The end of a guest that did not get to the moment in time.
     *
     * @param why what kept it from there; may be empty
     */
    public Ending late(String why) {
        return endings.late(why, isAtMoment);
    }

    @Override
    public void close() {
        pc.close();
    }
}
