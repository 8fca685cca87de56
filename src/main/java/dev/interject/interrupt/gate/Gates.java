package dev.interject.interrupt.gate;

import java.util.ArrayList;
import java.util.List;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MsiMessage;

/**
 * The model of interrupt delivery: the gates on a path, and the verdict of each in a given state.
 *
 * <p>Pure functions of a {@link GuestState}.
 */
public final class Gates {

    private Gates() {}

    /**
     * A line of the controllers in the kernel, which the routing table leads to one or more of them, or of the IOAPIC
     * in user space with a split irqchip.
     *
     * @param request the ioctl that drives it
     * @param trigger whether it is pulsed, or held until the handler acknowledges
     */
    public static GatePath ofKernelLine(GuestState state, Request request, int gsi, Trigger trigger) {
        List<Gate> gates = new ArrayList<>();
        if (!addLapicInKernel(gates, state, request)) {
            return GatePath.endingAt(gates);
        }
        return state.irqchip() == Irqchip.SPLIT ? ofOurIoapic(gates, state, request, gsi, trigger)
                : RtcGate.on(RouteGates.of(gates, state, gsi, trigger, request.takesNmis()), state);
    }

    private static GatePath ofOurIoapic(List<Gate> gates, GuestState state, Request request, int pin,
            Trigger trigger) {
        RouteGates.addGsi(gates, pin, false);
        return gates.getLast().isOpen()
                ? new GatePath(gates, RouteGates.ioapic(state, pin, pin, 0, trigger, request.takesNmis()))
                : GatePath.endingAt(gates);
    }

    /**
     * An eventfd that is bound to a GSI of the kernel's routing table.
     *
     * @param request the ioctl that binds it
     * @param trigger whether it is pulsed, or held until the handler acknowledges
     */
    public static GatePath ofEventfd(GuestState state, Request request, int gsi, Trigger trigger) {
        List<Gate> gates = new ArrayList<>();
        if (state.irqchip() == Irqchip.SPLIT && trigger == Trigger.LEVEL) {
            return GatePath.endingAt(List.of(Gate.misrouted(GateKind.REQUEST, request.request(state.irqchip()),
                    "irqchip split, with a resample eventfd",
                    "a resample eventfd needs the IOAPIC in the kernel (EINVAL)",
                    "use an edge, or irqchip kernel")));
        }
        return addLapicInKernel(gates, state, request)
                ? RouteGates.of(gates, state, gsi, trigger, request.takesNmis())
                : GatePath.endingAt(gates);
    }

    /** A line of the 8259 pair in user space, whose vector is injected by {@code KVM_INTERRUPT}. */
    public static GatePath ofUserspaceLine(GuestState state, int line, Trigger trigger) {
        List<Gate> gates = new ArrayList<>();
        addKvmInterrupt(gates, state);
        if (!IsaLine.exists(line)) {
            gates.add(Gate.misrouted(GateKind.GSI, "8259s, line", "line " + line, "the 8259s have lines 0 to 15",
                    "use a line from 0 to 15"));
            return GatePath.endingAt(gates);
        }
        PicGates.add(gates, state, line, trigger);
        int vector = PicGates.vectorOf(state, line, trigger);
        addWindow(gates, state);
        TableGates.add(gates, state, vector, PicGates.baseOf(state, line, trigger));
        PicGates.addRequested(gates, state, line);
        return GatePath.of(Input.pic(line), vector, gates);
    }

    /** A vector given to {@code KVM_INTERRUPT} by number. */
    public static GatePath ofVector(GuestState state, int vector) {
        List<Gate> gates = new ArrayList<>();
        addKvmInterrupt(gates, state);
        CpuGates.addVector(gates, state, vector);
        PicGates.addSpurious(gates, state, vector);
        addWindow(gates, state);
        TableGates.add(gates, state, vector);
        return GatePath.of(Input.cpu(), vector, gates);
    }

    /**
     * A message to a LAPIC in the kernel.
     *
     * @param request the ioctl that sends it
     */
    public static GatePath ofMessage(GuestState state, Request request, MsiMessage message) {
        List<Gate> gates = new ArrayList<>();
        return addLapicInKernel(gates, state, request)
                ? new GatePath(gates, MessageGates.message(state, message, 0, request.takesNmis()))
                : GatePath.endingAt(gates);
    }

    /**
     * A non-maskable interrupt ({@code KVM_NMI}).
     *
     * @param isExpected whether the guest's handler of vector 2 is one for NMIs
     */
    public static GatePath ofNmi(GuestState state, boolean isExpected) {
        List<Gate> gates = new ArrayList<>();
        String meaning = state.controllers()
                .lapic()
                .map(lapic -> "every vCPU accepts NMIs: KVM_NMI bypasses the pin LINT1, whose LVT1 is 0x%05x"
                        .formatted(lapic.lint1()))
                .orElse("every vCPU accepts NMIs");
        gates.add(Gate.open(GateKind.REQUEST, "KVM_NMI", "irqchip " + state.irqchip(), meaning));
        CpuGates.addActivity(gates, state);
        CpuGates.addNmi(gates, state, isExpected);
        return new GatePath(List.of(),
                List.of(new Branch(Input.cpu(), BranchTarget.only(state.vcpu()), CpuGates.NMI_VECTOR, gates)));
    }

    /**
     * An IPI from vCPU 0, through its LAPIC's ICR.
     *
     * @param state of the target vCPU
     */
    public static GatePath ofIpi(GuestState state, Request request, Icr icr) {
        List<Gate> gates = new ArrayList<>();
        if (!addLapicInKernel(gates, state, request)) {
            return GatePath.endingAt(gates);
        }
        MessageGates.addSender(gates, state);
        return new GatePath(gates, MessageGates.ipi(state, icr, request.takesNmis()));
    }

    /** The kernel's PIT, on line 0. */
    public static GatePath ofPit(GuestState state, Request request) {
        return PitGates.of(state, request);
    }

    /** The LAPIC's own timer. */
    public static GatePath ofLapicTimer(GuestState state, Request request) {
        List<Gate> gates = new ArrayList<>();
        if (!addLapicInKernel(gates, state, request)) {
            return GatePath.endingAt(gates);
        }
        int vector = LapicTimerGates.add(gates, state);
        RouteGates.addLapicAndCpu(gates, state, vector);
        return GatePath.of(Input.lapic(), vector, gates);
    }

    /** While the guest is closed, KVM holds the vector only if the LAPIC is in the kernel. */
    private static void addWindow(List<Gate> gates, GuestState state) {
        boolean kernelHolds = state.irqchip().hasLapicInKernel();
        if (kernelHolds) {
            ApicGates.addLint0(gates, state);
        }
        Verdict closed = kernelHolds ? Verdict.HOLDS : Verdict.NOT_NOW;
        CpuGates.add(gates, state, closed);
        addHeld(gates, state);
        CpuGates.addWindow(gates, state, closed);
    }

    /** KVM holds one vector of KVM_INTERRUPT for a LAPIC in the kernel, and refuses a second one (EEXIST). */
    private static void addHeld(List<Gate> gates, GuestState state) {
        if (gates.getLast().isOpen() && state.irqchip() == Irqchip.SPLIT && state.lacks(Piece.HELD)) {
            gates.removeLast();
            gates.add(Gate.unknown(GateKind.EVENT_QUEUE, "vCPU, event queue", Piece.HELD));
        }
        if (gates.getLast().isOpen() && state.controllers().held().isPresent()) {
            gates.removeLast();
            gates.add(Gate.holds(GateKind.EVENT_QUEUE, "vCPU, event queue",
                    "vector 0x%02x, held by KVM".formatted(state.controllers().held().getAsInt()),
                    "an earlier KVM_INTERRUPT waits until the guest takes it; KVM refuses a second one (EEXIST)",
                    "let the guest take that one: have it open the gates above"));
        }
    }

    /** Returns whether the path exists. */
    private static boolean addLapicInKernel(List<Gate> gates, GuestState state, Request request) {
        boolean inKernel = state.irqchip().hasLapicInKernel();
        gates.add((inKernel
                ? Gate.open(GateKind.REQUEST, request.request(state.irqchip()), "irqchip " + state.irqchip(),
                        state.irqchip() == Irqchip.KERNEL
                                ? "the controllers are in the kernel"
                                : "the LAPIC is in the kernel")
                : Gate.misrouted(GateKind.REQUEST, request.request(state.irqchip()), "irqchip " + state.irqchip(),
                        "no interrupt controller is in the kernel (%s)"
                                .formatted(request.withoutIrqchip()),
                        "use irqchip kernel, or path vector"))
                .unless(state, Piece.IRQCHIP));
        return inKernel;
    }

    private static void addKvmInterrupt(List<Gate> gates, GuestState state) {
        gates.add((state.irqchip() == Irqchip.KERNEL
                ? Gate.misrouted(GateKind.REQUEST, "KVM_INTERRUPT", "irqchip kernel",
                        "the PIC is in the kernel, so KVM takes no vector from user space (ENXIO); use path line",
                        "use path line, or irqchip userspace")
                : Gate.open(GateKind.REQUEST, "KVM_INTERRUPT", "irqchip " + state.irqchip(),
                        "the vCPU accepts vectors from user space"))
                .unless(state, Piece.IRQCHIP));
    }
}
