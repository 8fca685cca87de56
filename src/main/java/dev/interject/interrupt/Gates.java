package dev.interject.interrupt;

import java.util.ArrayList;
import java.util.List;

import dev.interject.device.PicState;
import dev.interject.kvm.VirtualMachine;

/**
 * The one model of an interrupt's way: which gates it meets on a path, and what each would do with it in a given state.
 *
 * <p>Pure: it looks at a {@link GuestState} and changes nothing.
 */
public final class Gates {

    /** Vectors below this one are the CPU's own exceptions (Intel SDM vol. 3, 6.3.1). */
    public static final int FIRST_FREE_VECTOR = 32;

    private static final int CASCADE_LINE = 2;

    private Gates() {}

    /** A line pulled by {@code KVM_IRQ_LINE} into controllers in the kernel. */
    public static Way ofKernelLine(GuestState state, int gsi) {
        List<Gate> gates = new ArrayList<>();
        if (state.irqchip() != Irqchip.KERNEL) {
            gates.add(Gate.breaks("KVM_IRQ_LINE", "irqchip " + state.irqchip(),
                    "no interrupt controller is in the kernel, so no line leads there (ENXIO)"));
            return new Way(-1, gates);
        }
        gates.add(Gate.open("KVM_IRQ_LINE", "irqchip kernel", "the line leads into the kernel's controllers"));
        if (gsi < 0 || gsi >= VirtualMachine.ioapicPins()) {
            gates.add(
                    Gate.breaks("GSI", "GSI " + gsi, "GSIs run from 0 to %d; the kernel ignores others without an error"
                            .formatted(VirtualMachine.ioapicPins() - 1)));
            return new Way(-1, gates);
        }
        if (!IsaLine.exists(gsi)) {
            gates.add(
                    Gate.breaks("GSI", "GSI " + gsi, "no 8259 has this line, and the guest has not opened the IOAPIC"));
            return new Way(-1, gates);
        }
        gates.add(Gate.open("GSI", "GSI " + gsi, "routed to the " + chipName(gsi) + " 8259 and the IOAPIC"));
        return throughPic(gates, state, gsi);
    }

    /** A line of our own 8259 pair, whose vector goes to {@code KVM_INTERRUPT}. */
    public static Way ofUserspaceLine(GuestState state, int line) {
        List<Gate> gates = new ArrayList<>();
        addKvmInterrupt(gates, state);
        return throughPic(gates, state, line);
    }

    /** A vector given to {@code KVM_INTERRUPT} by number. */
    public static Way ofVector(GuestState state, int vector) {
        List<Gate> gates = new ArrayList<>();
        addKvmInterrupt(gates, state);
        gates.add(vector < FIRST_FREE_VECTOR
                ? Gate.breaks("vector", "0x%02x".formatted(vector),
                        "vectors 0x00 to 0x1f are the CPU's exceptions; the handler would believe one happened")
                : Gate.open("vector", "0x%02x".formatted(vector), "not one of the CPU's exceptions"));
        addCpu(gates, state, vector, Verdict.NOT_NOW);
        return new Way(vector, gates);
    }

    private static void addKvmInterrupt(List<Gate> gates, GuestState state) {
        gates.add(state.irqchip() == Irqchip.KERNEL
                ? Gate.breaks("KVM_INTERRUPT", "irqchip kernel",
                        "the kernel's own PIC feeds this vCPU, so a vector from outside has no place (ENXIO);"
                                + " pull a line instead: --path line")
                : Gate.open("KVM_INTERRUPT", "irqchip " + state.irqchip(), "the vCPU takes vectors from outside"));
    }

    private static Way throughPic(List<Gate> gates, GuestState state, int line) {
        int vector = state.vectorOf(line);
        if (line == CASCADE_LINE) {
            gates.add(Gate.breaks("master 8259, cascade", "line 2",
                    "the slave answers for this line, and with no request of its own it answers with a spurious IRQ 15"));
        }
        addPic(gates, state, line, vector);
        Verdict closed = state.irqchip() == Irqchip.KERNEL ? Verdict.HOLDS : Verdict.NOT_NOW;
        addCpu(gates, state, vector, closed);
        return new Way(vector, gates);
    }

    private static void addPic(List<Gate> gates, GuestState state, int line, int vector) {
        PicState chip = state.chip(line);
        String name = chipName(line) + " 8259";
        int bit = 1 << (line & 7);
        gates.add(vector < FIRST_FREE_VECTOR
                ? Gate.breaks(name + ", vector base", "base 0x%02x, vector 0x%02x".formatted(chip.irqBase(), vector),
                        "the guest has not programmed the PIC (ICW2): the interrupt would arrive as a CPU exception")
                : Gate.open(name + ", vector base", "base 0x%02x".formatted(chip.irqBase()),
                        "line %d arrives at vector 0x%02x".formatted(line, vector)));
        addMask(gates, name, chip, bit, "line " + line);
        addPriority(gates, name, state, chip, line & 7);
        if (line > 7) {
            addMask(gates, "master 8259, cascade", state.master(), 1 << CASCADE_LINE, "the slave");
            addPriority(gates, "master 8259, cascade", state, state.master(), CASCADE_LINE);
        }
    }

    private static void addMask(List<Gate> gates, String name, PicState chip, int bit, String what) {
        String evidence = "IMR 0x%02x".formatted(chip.imr());
        gates.add((chip.imr() & bit) != 0
                ? Gate.holds(name + ", IMR", evidence, "the guest has masked " + what)
                : Gate.open(name + ", IMR", evidence, what + " is not masked"));
    }

    /** A level in service holds itself and every lower priority until its EOI (8259A data sheet, "fully nested mode"). */
    private static void addPriority(List<Gate> gates, String name, GuestState state, PicState chip, int level) {
        String evidence = "ISR 0x%02x".formatted(chip.isr());
        int inService = chip.isr();
        if (chip.specialMask() && state.irqchip() != Irqchip.KERNEL) { // KVM's own only keeps the bit
            inService &= ~chip.imr();
        }
        if (chip.specialFullyNested() && chip == state.master()) { // the slave may interrupt its own handler
            inService &= ~(1 << CASCADE_LINE);
        }
        boolean blocked = false;
        for (int other = 0; other < 8; other++) {
            boolean higherOrSame = rank(chip, other) <= rank(chip, level);
            blocked |= (inService & 1 << other) != 0 && higherOrSame;
        }
        gates.add(blocked
                ? Gate.holds(name + ", ISR", evidence,
                        "a level of the same or higher priority is in service: no EOI yet")
                : Gate.open(name + ", ISR", evidence, "nothing of the same or higher priority is in service"));
    }

    private static int rank(PicState chip, int level) {
        return level - chip.priorityAdd() & 7;
    }

    private static void addCpu(List<Gate> gates, GuestState state, int vector, Verdict closed) {
        boolean open = state.registers().interruptFlag();
        gates.add(new Gate("vCPU, RFLAGS.IF", open ? "IF = 1" : "IF = 0", open ? Verdict.OPEN : closed,
                open ? "maskable interrupts are let in" : "the guest has closed itself to maskable interrupts (CLI)"));
        boolean shadow = state.events().inShadow();
        gates.add(new Gate("vCPU, interrupt shadow",
                state.events().stiShadow() ? "after STI" : shadow ? "after MOV SS" : "none",
                shadow ? closed : Verdict.OPEN,
                shadow ? "held for one instruction" : "no instruction holds interrupts off"));
        boolean queued = state.events().interruptInjected();
        gates.add(queued
                ? Gate.holds("vCPU, event queue", "vector 0x%02x".formatted(state.events().interruptVector()),
                        "an interrupt is queued and goes first; a second KVM_INTERRUPT would overwrite it")
                : Gate.open("vCPU, event queue", "empty", "nothing is queued"));
        IdtEntry entry = IdtEntry.of(state, vector);
        gates.add(entry.isUsable()
                ? Gate.open("IDT, vector 0x%02x".formatted(vector), entry.evidence(), "the handler is there")
                : Gate.breaks("IDT, vector 0x%02x".formatted(vector), entry.evidence(),
                        "no handler: " + entry.fault()));
    }

    private static String chipName(int line) {
        return line < 8 ? "master" : "slave";
    }
}
