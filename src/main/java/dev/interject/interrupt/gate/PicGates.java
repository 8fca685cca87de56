package dev.interject.interrupt.gate;

import java.util.List;
import java.util.stream.Collectors;

import dev.interject.device.PicState;
import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Piece;

/** The gates in the two 8259s, in the kernel or in user space. */
final class PicGates {

    private static final int CASCADE_LINE = 2;
    private static final int LAST_LEVEL = 7;
    private static final int MASTER_DATA_PORT = 0x21;
    private static final int SLAVE_DATA_PORT = 0xa1;

    private static final String NO_ICW4 = "the guest sent no ICW4: an 8259A is then in MCS-80/85 mode and sends a CALL"
            + " instead of a vector (data sheet, \"Initialization Command Words\", ICW4)";
    private static final String SPURIOUS_15 = "by the 8259A data sheet (\"Edge and Level Triggered Modes\"), a request"
            + " that falls before INTA is a spurious level 7 of the master";

    private PicGates() {}

    static String chipName(int line) {
        return line < ControllerState.LINES_PER_PIC ? "master" : "slave";
    }

    /**
     * From the line to the vector.
     *
     * @param line    0–15
     * @param trigger how the line is driven: a pulse, or high until the handler acknowledges
     */
    static void add(List<Gate> gates, GuestState state, int line, Trigger trigger) {
        PicState chip = state.controllers().chip(line);
        String name = chipName(line) + " 8259";
        PicInput after = PicInput.of(state, line, trigger);
        addWire(gates, state, name, chip, line, trigger, after);
        addMask(gates, state, name, line, "line " + line);
        addPriority(gates, name, state, line);
        if (line > 7) {
            addCascade(gates, state, after, gates.stream().allMatch(Gate::isOpen));
        }
        addVector(gates, state, line, trigger);
    }

    private static void addCascade(List<Gate> gates, GuestState state, PicInput after, boolean slaveRequests) {
        String place = "master 8259, cascade";
        PicState master = state.controllers().master();
        if (state.lacks(Piece.MASTER_LINES) || state.lacks(Piece.MASTER_ELCR)) {
            gates.add(Gate.open(GateKind.WIRE, place + ", wire", "", "")
                    .unless(state, Piece.MASTER_LINES,
                            Piece.MASTER_ELCR));
        } else if (slaveRequests && !after.isLatchedByMaster()) {
            gates.add(Gate.holds(GateKind.CASCADE, place + ", wire", "ELCR 0x%02x".formatted(master.elcr()),
                    "the slave's request is a pulse at input 2, which latches it only if it is low and edge-triggered",
                    "have the guest clear bit 2 of the master's ELCR (port 0x4d0)"));
        }
        addMask(gates, state, place, CASCADE_LINE, "the slave");
        addPriority(gates, place, state, CASCADE_LINE);
    }

    /**
     * The vector at which a line arrives: that of the slave's level 7 where the master takes the slave for the one that
     * interrupts, and the slave has no request; -1 if the state lacks it.
     */
    static int vectorOf(GuestState state, int line, Trigger trigger) {
        if (!state.isWhole() && state.lacks(baseOf(state, line, trigger))) {
            return GatePath.NO_VECTOR;
        }
        return isOfSlave(state, line, trigger)
                ? state.controllers().slave().irqBase() + LAST_LEVEL
                : state.controllers().vectorOf(line);
    }

    /** What the CPU gets when it acknowledges the interrupt (INTA). */
    private static void addVector(List<Gate> gates, GuestState state, int line, Trigger trigger) {
        PicState chip = state.controllers().chip(line);
        String name = chipName(line) + " 8259";
        if (line == CASCADE_LINE) {
            gates.add(Gate.breaks(GateKind.CASCADE, "master 8259, cascade", "line 2",
                    "the slave 8259 is cascaded here: without a slave request it raises a spurious IRQ 15",
                    "use another line: this pin belongs to the slave"));
        }
        if ((line & LAST_LEVEL) == LAST_LEVEL && state.lacks(PicPieces.of(line).autoEoi())) {
            gates.add(Gate.unknown(GateKind.SPURIOUS, name + ", level 7", PicPieces.of(line).autoEoi()));
        } else if (chip.autoEoi() && (line & LAST_LEVEL) == LAST_LEVEL) {
            gates.add(Gate.breaks(GateKind.SPURIOUS, name + ", level 7", "automatic EOI",
                    "the ISR stays empty, so a handler of level 7 takes the interrupt for a spurious one",
                    "have the guest clear the AEOI bit of ICW4, or use another line"));
        }
        gates.add(state.lacks(baseOf(state, line, trigger))
                ? Gate.unknown(GateKind.PIC_BASE, name + ", vector base", baseOf(state, line, trigger))
                : base(state, line, vectorOf(state, line, trigger), chip, name));
    }

    /** The base that the vector depends on. */
    static Piece baseOf(GuestState state, int line, Trigger trigger) {
        return isOfSlave(state, line, trigger) ? Piece.SLAVE_BASE : PicPieces.of(line).base();
    }

    private static boolean isOfSlave(GuestState state, int line, Trigger trigger) {
        return line == CASCADE_LINE || PicInput.of(state, line, trigger).isSpurious();
    }

    private static Gate base(GuestState state, int line, int vector, PicState chip, String name) {
        Gate gate = CpuGates.isException(state, vector)
                ? Gate.breaks(GateKind.PIC_BASE, name + ", vector base",
                        "base 0x%02x, vector 0x%02x".formatted(chip.irqBase(), vector),
                        "the guest has not programmed the PIC (ICW2): the interrupt would arrive as a CPU exception",
                        "have the guest send ICW1 to ICW4, with a vector base of 0x20 or more in ICW2")
                : Gate.open(GateKind.PIC_BASE, name + ", vector base", "base 0x%02x".formatted(chip.irqBase()),
                        "line %d arrives at vector 0x%02x".formatted(line, vector))
                        .withDeparture(chip.init4() ? "" : NO_ICW4);
        return gate.unless(state, CpuGates.piecesOfMode(vector));
    }

    private static void addWire(List<Gate> gates, GuestState state, String name, PicState chip, int line,
            Trigger trigger, PicInput after) {
        PicPieces pieces = PicPieces.of(line);
        int bit = 1 << (line & 7);
        boolean level = (chip.elcr() & bit) != 0;
        boolean high = (chip.lastIrr() & bit) != 0;
        String evidence = "ELCR %s, line %s".formatted(level ? "level" : "edge", high ? "high" : "low");
        String place = name + ", wire";
        if (state.lacks(pieces.elcr()) || !level && state.lacks(pieces.lines())) {
            gates.add(Gate.open(GateKind.WIRE, place, "", "").unless(state, pieces.elcr(), pieces.lines()));
        } else if (!level && high) {
            gates.add(Gate.drops(GateKind.WIRE, place, evidence,
                    "the line is already high, and an edge-triggered input detects only a low-to-high transition",
                    "lower the line first"));
        } else if (!level && trigger == Trigger.LEVEL && !IsaLine.of(line).canBeLevel()) {
            gates.add(Gate.of(Verdict.NOT_PORTABLE, GateKind.WIRE, place, evidence,
                    "line %d cannot be level triggered: a PC's ELCR fixes 0, 1, 2, 8 and 13 as edge".formatted(line),
                    "use an edge, or another line"));
        } else if (level && trigger == Trigger.EDGE) {
            gates.add(Gate.of(after.isSpurious() ? Verdict.MISROUTED : Verdict.DROPS, GateKind.WIRE, place, evidence,
                    "a level-triggered input requests only while the line is high, and a pulse ends at once"
                            + (after.isSpurious()
                                    ? "; the master has latched the slave's request, which becomes a spurious IRQ 15"
                                    : ""),
                    "hold the line until the handler acknowledges: trigger level")
                    .withDeparture(after.isSpurious() ? SPURIOUS_15 : ""));
        } else {
            gates.add(Gate.open(GateKind.WIRE, place, evidence,
                    level ? "it requests while the line is high"
                            : "the transition from low to high is an edge, and stays latched if the line falls"));
        }
    }

    /** The last gate: if an earlier one holds the pending interrupt, that gate is the reason. */
    static void addRequested(List<Gate> gates, GuestState state, int line) {
        PicState chip = state.controllers().chip(line);
        String name = chipName(line) + " 8259";
        boolean requested = (chip.irr() & 1 << (line & 7)) != 0;
        String evidence = "IRR 0x%02x".formatted(chip.irr());
        Gate gate = requested
                ? Gate.of(Verdict.COALESCES, GateKind.PIC_IRR, name + ", IRR", evidence,
                        "line %d is already pending in its one IRR bit".formatted(line),
                        "wait until the pending one has been taken")
                : Gate.open(GateKind.PIC_IRR, name + ", IRR", evidence, "line %d is not pending".formatted(line));
        gates.add(gate.withDeparture(PicPriority.departureOfPoll(state, chip))
                .unless(state, PicPieces.of(line).irr()));
    }

    private static void addMask(List<Gate> gates, GuestState state, String name, int line, String what) {
        int imr = state.controllers().chip(line).imr();
        int port = line < ControllerState.LINES_PER_PIC ? MASTER_DATA_PORT : SLAVE_DATA_PORT;
        String evidence = "IMR 0x%02x".formatted(imr);
        gates.add(((imr & ControllerState.bit(line)) != 0
                ? Gate.holds(GateKind.PIC_IMR, name + ", IMR", evidence, "the guest has masked " + what,
                        "have the guest clear bit %d of the IMR (OCW1, port 0x%02x)"
                                .formatted(line % ControllerState.LINES_PER_PIC, port))
                : Gate.open(GateKind.PIC_IMR, name + ", IMR", evidence, what + " is not masked"))
                .unless(state, PicPieces.of(line).imr()));
    }

    /**
     * A level in service holds itself and every lower priority until its EOI (8259A data sheet, "fully nested mode").
     */
    private static void addPriority(List<Gate> gates, String name, GuestState state, int line) {
        PicState chip = state.controllers().chip(line);
        String evidence = "ISR 0x%02x".formatted(chip.isr());
        PicPriority priority = PicPriority.of(state, chip, line % ControllerState.LINES_PER_PIC);
        List<Integer> holding = priority.holding();
        Gate gate = holding.isEmpty()
                ? Gate.open(GateKind.PIC_ISR, name + ", ISR", evidence,
                        "no level of the same or a higher priority is in service")
                : Gate.holds(GateKind.PIC_ISR, name + ", ISR", evidence,
                        "a level of the same or a higher priority is in service: no EOI yet",
                        eois(holding) + (chip == state.controllers().slave() ? ", to both 8259s" : ""));
        PicPieces pieces = PicPieces.of(line);
        Gate known = gate.withDeparture(priority.departure());
        gates.add(chip.isr() == 0 ? known.unless(state, pieces.isr())
                : PicPriority.dependsOnSpecialMask(chip, line % ControllerState.LINES_PER_PIC)
                        ? known.unless(state, pieces.isr(), pieces.priority(), pieces.specialMask())
                        : known.unless(state, pieces.isr(), pieces.priority()));
    }

    private static String eois(List<Integer> levels) {
        return levels.size() == 1
                ? "have the handler of level %d send its EOI (OCW2 0x20)".formatted(levels.getFirst())
                : "have the handlers of levels %s send their EOIs (OCW2 0x20)".formatted(
                        levels.stream().map(String::valueOf).collect(Collectors.joining(", ")));
    }

    /** A handler of IRQ 7 or 15 reads the ISR first: if level 7 is not in service, the interrupt is spurious. */
    static void addSpurious(List<Gate> gates, GuestState state, int vector) {
        for (int first : List.of(0, ControllerState.LINES_PER_PIC)) {
            PicState chip = state.controllers().chip(first);
            PicPieces pieces = PicPieces.of(first);
            if (state.lacks(pieces.base())) {
                gates.add(Gate.unknown(GateKind.SPURIOUS, chipName(first) + " 8259, level 7", pieces.base()));
            } else if (!CpuGates.isException(state, chip.irqBase()) && vector == chip.irqBase() + LAST_LEVEL
                    && (chip.isr() & 1 << LAST_LEVEL) == 0) {
                gates.add(Gate.breaks(GateKind.SPURIOUS, "8259, level 7",
                        "vector 0x%02x, ISR 0x%02x".formatted(vector, chip.isr()),
                        "level 7 is not in service, so the handler treats the interrupt as spurious",
                        "use another vector, or drive the line").unless(state, pieces.isr()));
            }
        }
    }
}
