package dev.interject.interrupt.gate;

import java.util.ArrayList;
import java.util.List;

import dev.interject.device.Redirection;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.Trigger;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.IoapicRegisters;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MsiMessage;

/**
 * The model of interrupt delivery: the gates on a path, and the verdict of each in a given state.
 *
 * <p>Pure functions of a {@link GuestState}.
 */
public final class Gates {

    private static final int PIT_LINE = 0;
    private static final int NO_VECTOR = -1;

    private Gates() {}

    /**
     * A line of the controllers in the kernel, or of the IOAPIC in user space with a split irqchip. It goes through the
     * IOAPIC if the guest has unmasked the pin there, and otherwise through an 8259.
     *
     * @param request the ioctl that drives it
     * @param trigger whether it is pulsed, or held until the handler acknowledges
     */
    public static GatePath ofKernelLine(GuestState state, Request request, int gsi, Trigger trigger) {
        List<Gate> gates = new ArrayList<>();
        if (!addLapicInKernel(gates, state, request) || !addGsi(gates, gsi)) {
            return new GatePath(NO_VECTOR, gates);
        }
        if (state.irqchip() == Irqchip.SPLIT) {
            return throughIoapic(gates, state, gsi, trigger);
        }
        addRoute(gates, state, gsi);
        if (state.controllers().goesThroughIoapic(gsi) || !IsaLine.exists(gsi)) {
            return throughIoapic(gates, state, gsi, trigger);
        }
        throughPic(gates, state, gsi, trigger);
        return new GatePath(state.controllers().vectorOf(gsi), gates);
    }

    /** A line of the 8259 pair in user space, whose vector is injected by {@code KVM_INTERRUPT}. */
    public static GatePath ofUserspaceLine(GuestState state, int line, Trigger trigger) {
        List<Gate> gates = new ArrayList<>();
        addKvmInterrupt(gates, state);
        PicGates.add(gates, state, line, trigger);
        addInjectedVector(gates, state, state.controllers().vectorOf(line));
        PicGates.addRequested(gates, state, line);
        return new GatePath(state.controllers().vectorOf(line), gates);
    }

    /** A vector given to {@code KVM_INTERRUPT} by number. */
    public static GatePath ofVector(GuestState state, int vector) {
        List<Gate> gates = new ArrayList<>();
        addKvmInterrupt(gates, state);
        CpuGates.addVector(gates, vector);
        PicGates.addSpurious(gates, state, vector);
        addInjectedVector(gates, state, vector);
        return new GatePath(vector, gates);
    }

    /**
     * A message to a LAPIC in the kernel.
     *
     * @param request the ioctl that sends it
     */
    public static GatePath ofMessage(GuestState state, Request request, MsiMessage message) {
        List<Gate> gates = new ArrayList<>();
        if (!addLapicInKernel(gates, state, request)) {
            return new GatePath(NO_VECTOR, gates);
        }
        ApicGates.addMessage(gates, message, state);
        addLapicAndCpu(gates, state, message.vector());
        return new GatePath(message.vector(), gates);
    }

    /** A non-maskable interrupt ({@code KVM_NMI}). */
    public static GatePath ofNmi(GuestState state) {
        List<Gate> gates = new ArrayList<>();
        gates.add(Gate.open(GateKind.REQUEST, "KVM_NMI", "irqchip " + state.irqchip(), "every vCPU accepts NMIs"));
        CpuGates.addActivity(gates, state);
        CpuGates.addNmi(gates, state);
        return new GatePath(CpuGates.NMI_VECTOR, gates);
    }

    /**
     * An IPI from vCPU 0, through its LAPIC's ICR.
     *
     * @param state of the target vCPU
     */
    public static GatePath ofIpi(GuestState state, Request request, int vector) {
        List<Gate> gates = new ArrayList<>();
        if (!addLapicInKernel(gates, state, request)) {
            return new GatePath(NO_VECTOR, gates);
        }
        ApicGates.addDestination(gates, "ICR", Destination.physical(state.vcpu()), state);
        ApicGates.addVector(gates, vector);
        addLapicAndCpu(gates, state, vector);
        return new GatePath(vector, gates);
    }

    /** The kernel's PIT, on line 0. */
    public static GatePath ofPit(GuestState state, Request request) {
        List<Gate> gates = new ArrayList<>();
        gates.add(Gate.open(GateKind.REQUEST, request.request(state.irqchip()), "line " + PIT_LINE,
                "the PIT pulses it in the kernel"));
        addRoute(gates, state, PIT_LINE);
        if (state.controllers().goesThroughIoapic(PIT_LINE)) {
            return throughIoapic(gates, state, PIT_LINE, Trigger.EDGE);
        }
        throughPic(gates, state, PIT_LINE, Trigger.EDGE);
        return new GatePath(state.controllers().vectorOf(PIT_LINE), gates);
    }

    /** The LAPIC's own timer. */
    public static GatePath ofLapicTimer(GuestState state, Request request) {
        List<Gate> gates = new ArrayList<>();
        if (!addLapicInKernel(gates, state, request)) {
            return new GatePath(NO_VECTOR, gates);
        }
        int vector = ApicGates.addTimer(gates, state.controllers().lapic().orElseThrow());
        addLapicAndCpu(gates, state, vector);
        return new GatePath(vector, gates);
    }

    private static GatePath throughIoapic(List<Gate> gates, GuestState state, int gsi, Trigger trigger) {
        Redirection entry = state.controllers().ioapic().orElseThrow().entries().get(gsi);
        ApicGates.addIoapic(gates, entry, state, gsi, trigger);
        addLapicAndCpu(gates, state, entry.vector());
        return new GatePath(entry.vector(), gates);
    }

    private static void throughPic(List<Gate> gates, GuestState state, int line, Trigger trigger) {
        PicGates.add(gates, state, line, trigger);
        ApicGates.addLint0(gates, state);
        CpuGates.addActivity(gates, state);
        CpuGates.add(gates, state, Verdict.HOLDS);
        TableGates.add(gates, state, state.controllers().vectorOf(line));
        PicGates.addRequested(gates, state, line);
    }

    private static void addLapicAndCpu(List<Gate> gates, GuestState state, int vector) {
        CpuGates.addActivity(gates, state);
        LapicRegisters lapic = state.controllers().lapic().orElseThrow();
        ApicGates.addLapic(gates, state, vector);
        CpuGates.add(gates, state, Verdict.HOLDS);
        TableGates.add(gates, state, vector);
        ApicGates.addRequested(gates, lapic, vector);
    }

    /** While the guest is closed, KVM holds the vector only if the LAPIC is in the kernel. */
    private static void addInjectedVector(List<Gate> gates, GuestState state, int vector) {
        boolean kernelHolds = state.irqchip().hasLapicInKernel();
        if (kernelHolds) {
            ApicGates.addLint0(gates, state);
        }
        Verdict closed = kernelHolds ? Verdict.HOLDS : Verdict.NOT_NOW;
        CpuGates.add(gates, state, closed);
        CpuGates.addWindow(gates, state, closed);
        TableGates.add(gates, state, vector);
    }

    /** Returns whether the path exists. */
    private static boolean addLapicInKernel(List<Gate> gates, GuestState state, Request request) {
        boolean inKernel = state.irqchip().hasLapicInKernel();
        gates.add(inKernel
                ? Gate.open(GateKind.REQUEST, request.request(state.irqchip()), "irqchip " + state.irqchip(),
                        state.irqchip() == Irqchip.KERNEL
                                ? "the controllers are in the kernel"
                                : "the LAPIC is in the kernel")
                : Gate.misrouted(GateKind.REQUEST, request.request(state.irqchip()), "irqchip " + state.irqchip(),
                        "no interrupt controller is in the kernel (%s)"
                                .formatted(request.withoutIrqchip()),
                        "use --irqchip kernel, or --path vector"));
        return inKernel;
    }

    private static boolean addGsi(List<Gate> gates, int gsi) {
        boolean exists = gsi >= 0 && gsi < IoapicRegisters.PINS;
        gates.add(exists
                ? Gate.open(GateKind.GSI, "GSI", "GSI " + gsi, "the IOAPIC has this pin")
                : Gate.misrouted(GateKind.GSI, "GSI", "GSI " + gsi,
                        "GSIs are 0 to %d; the kernel ignores others without an error"
                                .formatted(IoapicRegisters.PINS - 1),
                        "use a GSI from 0 to %d".formatted(IoapicRegisters.PINS - 1)));
        return exists;
    }

    private static void addRoute(List<Gate> gates, GuestState state, int gsi) {
        List<GsiRoute> routes = state.controllers().routes().stream().filter(route -> route.gsi() == gsi).toList();
        boolean hasPic = IsaLine.exists(gsi);
        gates.add(routes.isEmpty()
                ? Gate.drops(GateKind.ROUTE, "GSI, routing", "no entry for GSI " + gsi,
                        "the routing table has no entry for it, and the kernel ignores it without an error",
                        "add an entry for it (KVM_SET_GSI_ROUTING replaces the whole table)")
                : Gate.open(GateKind.ROUTE, "GSI, routing", "%d %s".formatted(routes.size(),
                        routes.size() == 1 ? "entry" : "entries"),
                        "routed to " + (hasPic ? "the " + PicGates.chipName(gsi) + " 8259 and " : "") + "the IOAPIC"));
    }

    private static void addKvmInterrupt(List<Gate> gates, GuestState state) {
        gates.add(state.irqchip() == Irqchip.KERNEL
                ? Gate.misrouted(GateKind.REQUEST, "KVM_INTERRUPT", "irqchip kernel",
                        "the PIC is in the kernel, so KVM takes no vector from user space (ENXIO); use --path line",
                        "use --path line, or --irqchip userspace")
                : Gate.open(GateKind.REQUEST, "KVM_INTERRUPT", "irqchip " + state.irqchip(),
                        "the vCPU accepts vectors from user space"));
    }
}
