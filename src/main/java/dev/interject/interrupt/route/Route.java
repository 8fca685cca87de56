package dev.interject.interrupt.route;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Branch;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Input;
import dev.interject.interrupt.gate.Request;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.VcpuEvents;

/** A path by which an interrupt reaches a guest: one subclass each, with everything specific to the path. */
public abstract sealed class Route implements Request
        permits KernelLineRoute, MessageRoute, VectorRoute, IpiRoute, NmiRoute, TimerRoute {

    /** A line of the controllers in the kernel. */
    public static final Route LINE = new LineRoute();
    /** An eventfd that drives such a line. */
    public static final Route IRQFD = new IrqfdRoute();
    /** A message to a LAPIC. */
    public static final Route MSI = new MsiRoute();
    /** A GSI that is routed to a message, driven as a line. */
    public static final Route MSI_ROUTE = new RoutedMsiRoute();
    /** A GSI that is routed to a message, driven by an eventfd. */
    public static final Route MSI_IRQFD = new MsiIrqfdRoute();
    /** A vector queued for the vCPU. */
    public static final Route VECTOR = new VectorRoute();
    /** An interrupt that one vCPU sends to another. */
    public static final Route IPI = new IpiRoute();
    /** A non-maskable interrupt. */
    public static final Route NMI = new NmiRoute();
    /** The PIT in the kernel. */
    public static final Route PIT = new PitRoute();
    /** The timer of a LAPIC in the kernel. */
    public static final Route LAPIC_TIMER = new LapicTimerRoute();

    private static final List<Route> ALL =
            List.of(LINE, IRQFD, MSI, MSI_ROUTE, MSI_IRQFD, VECTOR, IPI, NMI, PIT, LAPIC_TIMER);

    private static final int NMI_VECTOR = 2;

    private final String label;
    private final String request;
    private final String withoutIrqchip;
    private final Set<String> optionalCalls;
    private final BuiltinGuest usualGuest;
    private final Set<GuestInput> inputs;
    private final Set<RouteParameter> parameters;

    /**
     * @param label          its name in options, text and JSON
     * @param request        the ioctl that injects, or the name of the device in the kernel that interrupts
     * @param withoutIrqchip the error that KVM returns if no interrupt controller is in the kernel
     * @param optionalCalls  the ioctls that it needs and that a host may lack, by name
     * @param usualGuest     the guest that suits it best, of those with one vCPU
     * @param inputs         a guest that handles one of these is set up for it
     * @param parameters     what a plan may choose
     */
    Route(String label, String request, String withoutIrqchip, Set<String> optionalCalls, BuiltinGuest usualGuest,
            Set<GuestInput> inputs, Set<RouteParameter> parameters) {
        this.label = label;
        this.request = request;
        this.withoutIrqchip = withoutIrqchip;
        this.optionalCalls = optionalCalls;
        this.usualGuest = usualGuest;
        this.inputs = inputs;
        this.parameters = parameters;
    }

    /** All of them, in the order of lists and tables. */
    public static List<Route> all() {
        return ALL;
    }

    /** Those that a guest is set up for, the most usual first. */
    public static List<Route> of(BuiltinGuest guest) {
        return ALL.stream().filter(route -> route.supports(guest)).toList();
    }

    /** Those for which a plan may choose a parameter. */
    public static List<Route> taking(RouteParameter parameter) {
        return ALL.stream().filter(route -> route.takes(parameter)).toList();
    }

    /**
     * The path with this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Route named(String label) {
        return ALL.stream()
                .filter(route -> route.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no path '%s'; there are %s".formatted(label, labels(ALL))));
    }

    static String labels(List<Route> routes) {
        return routes.stream().map(Route::label).collect(Collectors.joining(", "));
    }

    /** Its name in options, text and JSON. */
    public final String label() {
        return label;
    }

    @Override
    public String request(Irqchip irqchip) {
        return request;
    }

    @Override
    public final String withoutIrqchip() {
        return withoutIrqchip;
    }

    /** Irqchip, path, call and trigger in one line. */
    public final String describe(Irqchip irqchip, Trigger trigger) {
        return "irqchip %s, path %s (%s), %s".formatted(irqchip, label, request(irqchip), trigger);
    }

    /** The ioctls that it needs and that a host may lack, by name. */
    public final Set<String> optionalCalls() {
        return optionalCalls;
    }

    /** Whether a plan may choose the parameter. */
    public final boolean takes(RouteParameter parameter) {
        return parameters.contains(parameter);
    }

    /** Whether a timer in the kernel interrupts by itself, so that nothing is injected. */
    public boolean isTimer() {
        return false;
    }

    /** What the names of its timer's registers begin with, such as {@code pit.}; empty if it has no timer. */
    public Optional<String> timerRegisters() {
        return Optional.empty();
    }

    /** Whether the guest itself raises the interrupt: it must support the path, and there are no bursts. */
    public boolean isRaisedByGuest() {
        return isTimer();
    }

    /** Whether RFLAGS.IF holds it; KVM counts the others separately ({@code nmi_injections}). */
    public boolean isMaskable() {
        return true;
    }

    /** The counter of {@code KVM_GET_STATS_FD} that counts it. */
    public final String counter() {
        return isMaskable() ? "irq_injections" : "nmi_injections";
    }

    /** Whether interrupts wait in a queue of this process until the vCPU's injection window opens. */
    public boolean isQueuedInUserSpace() {
        return false;
    }

    /** The line that it always uses; empty if it has a choice or uses none. */
    public OptionalInt fixedLine() {
        return OptionalInt.empty();
    }

    // --- guests and plans

    /** Whether a guest is set up for it. */
    public final boolean supports(BuiltinGuest guest) {
        return inputs.stream().anyMatch(guest::handles);
    }

    /** The guest that suits it best. */
    public final BuiltinGuest defaultGuest(Irqchip irqchip, int vcpus) {
        return vcpus > 1 && !isTimer() ? BuiltinGuest.SMP : usualGuest(irqchip);
    }

    BuiltinGuest usualGuest(Irqchip irqchip) {
        return usualGuest;
    }

    /** The cases that {@code compare} and {@code bench} run on an irqchip with which KVM accepts its interrupts. */
    abstract List<RouteCase> cases(Irqchip irqchip);

    /** Why KVM accepts no interrupt on this path with this irqchip; empty if it does. */
    public Optional<String> refusalOn(Irqchip irqchip) {
        return irqchip.hasLapicInKernel()
                ? Optional.empty()
                : Optional.of("path %s needs an interrupt controller in the kernel, and irqchip userspace has none (%s)"
                        .formatted(label, withoutIrqchip));
    }

    /** Why an interrupt with this trigger cannot use this path with this irqchip; empty if it can. */
    public Optional<String> refusalOf(Trigger trigger, Irqchip irqchip) {
        return Optional.empty();
    }

    /** Why its interrupts cannot have this interval; empty if they can. */
    public Optional<String> refusalOf(Duration interval) {
        return Optional.empty();
    }

    /** Whether its interrupts pass through an 8259, and so reach vCPU 0 only. */
    public boolean passesThroughPic(BuiltinGuest guest) {
        return false;
    }

    // --- one injection

    abstract GatePath gatePath(ResolvedInjection injection, GuestState state);

    abstract Injector injector(ResolvedInjection injection, InjectorFactory injectors, GatePath gates);

    Injector waitingInjector(ResolvedInjection injection, InjectorFactory injectors, GatePath gates) {
        return injector(injection, injectors, gates);
    }

    boolean pullsLine(ResolvedInjection injection) {
        return false;
    }

    boolean usesLine(ResolvedInjection injection) {
        return pullsLine(injection);
    }

    boolean reportsCoalescing(ResolvedInjection injection, GuestState state) {
        return false;
    }

    int waiting(ResolvedInjection injection, Pending pending, int vector) {
        return vector == NMI_VECTOR ? pending.nmis() : pending.isRequested(vector) ? 1 : 0;
    }

    int waiting(ResolvedInjection injection, GuestState state, int vector) {
        return atTheVcpu(state, vector, isLatched(injection, state));
    }

    int pendingBefore(ResolvedInjection injection, GuestState state, int vector) {
        int injected = vector == NMI_VECTOR && state.cpu().events().nmiInjected() ? 1 : 0;
        return injected + atTheVcpu(state, vector, isLatchedByPic(injection, state));
    }

    /** How many of a vector are pending: KVM keeps two NMIs, and of other vectors one that it injects and one more. */
    private static int atTheVcpu(GuestState state, int vector, boolean isLatched) {
        VcpuEvents events = state.cpu().events();
        int injected = events.interruptInjected() && events.interruptVector() == vector ? 1 : 0;
        boolean isHeld = state.controllers().held().equals(OptionalInt.of(vector));
        boolean isRequested = state.controllers().lapic().map(lapic -> lapic.isRequested(vector)).orElse(false);
        int nmis = vector == NMI_VECTOR ? events.nmisPending() : 0;
        return injected + nmis + (isHeld || isRequested || isLatched ? 1 : 0);
    }

    private static boolean isLatchedByPic(ResolvedInjection injection, GuestState state) {
        return injection.gatePath(state)
                .main()
                .map(Branch::input)
                .filter(input -> input.chip() == Input.Chip.PIC)
                .map(input -> state.controllers().isPending(input.pin()))
                .orElse(false);
    }

    /** Whether a request is pending in a controller before the LAPIC. */
    boolean isLatched(ResolvedInjection injection, GuestState state) {
        return false;
    }

    boolean isInService(ResolvedInjection injection, GuestState state, int vector) {
        return vector == NMI_VECTOR ? state.cpu().events().nmiMasked()
                : state.controllers().lapic().map(lapic -> lapic.isInService(vector)).orElse(false);
    }

    /**
     * What the status of an injection means on this path.
     *
     * @param status what {@link Injector#inject} returned
     */
    public Acceptance acceptance(int status, Trigger trigger) {
        // a level stays asserted, so it is delivered later even if it is not accepted now
        if (status == Injector.NO_STATUS || status > 0 || trigger == Trigger.LEVEL) {
            return Acceptance.ACCEPTED;
        }
        return status == 0 ? Acceptance.COALESCED : Acceptance.IGNORED;
    }

    @Override
    public final String toString() {
        return label;
    }
}
