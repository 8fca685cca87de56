package dev.interject.interrupt;

import java.util.ArrayList;
import java.util.List;

import dev.interject.device.Redirection;
import dev.interject.kvm.LapicRegisters;
import dev.interject.kvm.MsiMessage;
import dev.interject.kvm.VirtualMachine;

/**
 * The one model of an interrupt's way: which gates it meets on a path, and what each would do with it in a given state.
 *
 * <p>Pure: it looks at a {@link GuestState} and changes nothing.
 */
public final class Gates {

    private static final int PIT_LINE = 0;

    private Gates() {}

    /**
     * A line of the controllers in the kernel. It goes through the IOAPIC where the guest has opened the pin there, and
     * through an 8259 otherwise.
     *
     * @param path how it is pulled: {@code line} or {@code irqfd}
     */
    public static Way ofKernelLine(GuestState state, Path path, int gsi) {
        List<Gate> gates = new ArrayList<>();
        if (!addKernelIrqchip(gates, state, path)) {
            return new Way(-1, gates);
        }
        if (gsi < 0 || gsi >= VirtualMachine.ioapicPins()) {
            gates.add(
                    Gate.breaks("GSI", "GSI " + gsi, "GSIs run from 0 to %d; the kernel ignores others without an error"
                            .formatted(VirtualMachine.ioapicPins() - 1)));
            return new Way(-1, gates);
        }
        if (state.irqchip() == Irqchip.SPLIT) {
            gates.add(Gate.open("GSI", "GSI " + gsi, "a pin of our own IOAPIC, which sends a message"));
            return throughIoapic(gates, state, gsi);
        }
        boolean hasPic = IsaLine.exists(gsi);
        gates.add(Gate.open("GSI", "GSI " + gsi,
                "routed to " + (hasPic ? "the " + PicGates.chipName(gsi) + " 8259 and " : "") + "the IOAPIC"));
        if (state.goesThroughIoapic(gsi) || !hasPic) {
            return throughIoapic(gates, state, gsi);
        }
        throughPic(gates, state, gsi);
        return new Way(state.vectorOf(gsi), gates);
    }

    /** A line of our own 8259 pair, whose vector goes to {@code KVM_INTERRUPT}. */
    public static Way ofUserspaceLine(GuestState state, int line) {
        List<Gate> gates = new ArrayList<>();
        addKvmInterrupt(gates, state);
        PicGates.add(gates, state, line);
        state.lapic().ifPresent(lapic -> ApicGates.addLint0(gates, lapic));
        CpuGates.add(gates, state, state.vectorOf(line), whereClosed(state));
        return new Way(state.vectorOf(line), gates);
    }

    /** A vector given to {@code KVM_INTERRUPT} by number. */
    public static Way ofVector(GuestState state, int vector) {
        List<Gate> gates = new ArrayList<>();
        addKvmInterrupt(gates, state);
        CpuGates.addVector(gates, vector);
        PicGates.addSpurious(gates, state, vector);
        state.lapic().ifPresent(lapic -> ApicGates.addLint0(gates, lapic));
        CpuGates.add(gates, state, vector, whereClosed(state));
        return new Way(vector, gates);
    }

    /**
     * A message to a LAPIC in the kernel.
     *
     * @param path how it is sent: {@code msi}, or {@code msi-route} through a GSI
     */
    public static Way ofMessage(GuestState state, Path path, MsiMessage message) {
        List<Gate> gates = new ArrayList<>();
        if (!addKernelIrqchip(gates, state, path)) {
            return new Way(-1, gates);
        }
        ApicGates.addMessage(gates, message, state);
        addLapicAndCpu(gates, state, message.vector());
        return new Way(message.vector(), gates);
    }

    /** A non-maskable interrupt ({@code KVM_NMI}). */
    public static Way ofNmi(GuestState state) {
        List<Gate> gates = new ArrayList<>();
        gates.add(Gate.open("KVM_NMI", "irqchip " + state.irqchip(), "every vCPU takes it"));
        CpuGates.addActivity(gates, state);
        CpuGates.addNmi(gates, state);
        return new Way(CpuGates.NMI_VECTOR, gates);
    }

    /**
     * An IPI from vCPU 0, through its LAPIC's ICR.
     *
     * @param state of the vCPU that it is for
     */
    public static Way ofIpi(GuestState state, int vector) {
        List<Gate> gates = new ArrayList<>();
        if (!addKernelIrqchip(gates, state, Path.IPI)) {
            return new Way(-1, gates);
        }
        ApicGates.addDestination(gates, "ICR", state.vcpu(), state);
        CpuGates.addVector(gates, vector);
        addLapicAndCpu(gates, state, vector);
        return new Way(vector, gates);
    }

    /** The kernel's PIT, on line 0. */
    public static Way ofPit(GuestState state) {
        List<Gate> gates = new ArrayList<>();
        gates.add(Gate.open(Path.PIT.request(), "line " + PIT_LINE, "the PIT pulses it in the kernel"));
        throughPic(gates, state, PIT_LINE);
        return new Way(state.vectorOf(PIT_LINE), gates);
    }

    /** The LAPIC's own timer. */
    public static Way ofLapicTimer(GuestState state) {
        List<Gate> gates = new ArrayList<>();
        if (!addKernelIrqchip(gates, state, Path.LAPIC_TIMER)) {
            return new Way(-1, gates);
        }
        int vector = ApicGates.addTimer(gates, state.lapic().orElseThrow());
        addLapicAndCpu(gates, state, vector);
        return new Way(vector, gates);
    }

    private static Way throughIoapic(List<Gate> gates, GuestState state, int gsi) {
        Redirection entry = state.ioapic().orElseThrow().entries().get(gsi);
        ApicGates.addIoapic(gates, entry, state, gsi);
        addLapicAndCpu(gates, state, entry.vector());
        return new Way(entry.vector(), gates);
    }

    private static void throughPic(List<Gate> gates, GuestState state, int line) {
        PicGates.add(gates, state, line);
        state.lapic().ifPresent(lapic -> ApicGates.addLint0(gates, lapic));
        CpuGates.addActivity(gates, state);
        CpuGates.add(gates, state, state.vectorOf(line), Verdict.HOLDS);
    }

    private static void addLapicAndCpu(List<Gate> gates, GuestState state, int vector) {
        CpuGates.addActivity(gates, state);
        LapicRegisters lapic = state.lapic().orElseThrow();
        ApicGates.addLapic(gates, lapic, vector);
        CpuGates.add(gates, state, vector, Verdict.HOLDS);
        ApicGates.addRequested(gates, lapic, vector);
    }

    /** What a closed guest is to a vector from outside: with a LAPIC in the kernel, the kernel holds it. */
    private static Verdict whereClosed(GuestState state) {
        return state.irqchip().hasLapicInKernel() ? Verdict.HOLDS : Verdict.NOT_NOW;
    }

    /** Whether there is a way at all. */
    private static boolean addKernelIrqchip(List<Gate> gates, GuestState state, Path path) {
        boolean inKernel = state.irqchip().hasLapicInKernel();
        gates.add(inKernel
                ? Gate.open(path.request(state.irqchip()), "irqchip " + state.irqchip(),
                        state.irqchip() == Irqchip.KERNEL
                                ? "it leads into the kernel's controllers"
                                : "it leads to a LAPIC in the kernel")
                : Gate.breaks(path.request(), "irqchip " + state.irqchip(),
                        "no interrupt controller is in the kernel, so it leads nowhere (%s)"
                                .formatted(path.withoutIrqchip())));
        return inKernel;
    }

    private static void addKvmInterrupt(List<Gate> gates, GuestState state) {
        gates.add(state.irqchip() == Irqchip.KERNEL
                ? Gate.breaks("KVM_INTERRUPT", "irqchip kernel",
                        "the kernel's own PIC feeds this vCPU, so a vector from outside has no place (ENXIO);"
                                + " pull a line instead: --path line")
                : Gate.open("KVM_INTERRUPT", "irqchip " + state.irqchip(), "the vCPU takes vectors from outside"));
    }
}
