package dev.interject.interrupt.gate;

import java.util.List;
import java.util.stream.IntStream;

import dev.interject.device.PicState;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.GuestState;

/**
 * Which levels in service hold a level of an 8259, and how that differs from the 8259A data sheet.
 *
 * @param holding   those that hold it, the highest priority first
 * @param departure where KVM's 8259 differs from the data sheet here; empty if it does not
 */
record PicPriority(List<Integer> holding, String departure) {

    private static final int CASCADE = 2;
    private static final int LEVELS = 8;
    private static final String SPECIAL_MASK = "KVM's 8259 ignores special mask mode: by the data sheet (\"Special Mask"
            + " Mode\"), a level that is in service and masked holds no other";
    private static final String SPECIAL_FULLY_NESTED = "KVM's 8259 does not count input 2 in service in special fully"
            + " nested mode: by the data sheet (\"The Special Fully Nested Mode\"), it still holds this input";
    private static final String SLAVE_AUTO_EOI = "KVM's slave has automatic EOI: by the data sheet (\"Automatic End of"
            + " Interrupt (AEOI) Mode\"), an 8259A from before 1985 has it only as a master";
    private static final String POLL = "a poll command is pending, and KVM's 8259 answers it without an IS bit: by the"
            + " data sheet (\"Poll Command\"), a poll is an acknowledge";

    /** @param level 0–7, which the chip of this state would request */
    static PicPriority of(GuestState state, PicState chip, int level) {
        boolean isKernels = state.irqchip() == Irqchip.KERNEL;
        boolean isMaster = chip == state.controllers().master();
        boolean leavesOutCascade = isMaster && chip.specialFullyNested();
        int byDataSheet = withoutMasked(chip) & ~(leavesOutCascade && level == CASCADE ? 1 << CASCADE : 0);
        if (!isKernels) {
            return new PicPriority(holding(chip, level, byDataSheet), "");
        }
        int inService = chip.isr() & ~(leavesOutCascade ? 1 << CASCADE : 0);
        List<Integer> holding = holding(chip, level, inService);
        return new PicPriority(holding, departure(chip, isMaster, holding, holding(chip, level, byDataSheet)));
    }

    private static String departure(PicState chip, boolean isMaster, List<Integer> holding,
            List<Integer> byDataSheet) {
        if (!byDataSheet.containsAll(holding)) {
            return SPECIAL_MASK;
        }
        if (!holding.containsAll(byDataSheet)) {
            return SPECIAL_FULLY_NESTED;
        }
        return !isMaster && chip.autoEoi() ? SLAVE_AUTO_EOI : "";
    }

    /** In special mask mode, a level that is masked holds no other. */
    private static int withoutMasked(PicState chip) {
        return chip.specialMask() ? chip.isr() & ~chip.imr() : chip.isr();
    }

    /** Whether it matters to a level if special mask mode is on. */
    static boolean dependsOnSpecialMask(PicState chip, int level) {
        return !holding(chip, level, chip.isr()).isEmpty()
                && holding(chip, level, withoutMasked(chip.withSpecialMask(true))).isEmpty();
    }

    private static List<Integer> holding(PicState chip, int level, int inService) {
        int rank = level - chip.priorityAdd() & LEVELS - 1;
        return IntStream.rangeClosed(0, rank)
                .map(higher -> higher + chip.priorityAdd() & LEVELS - 1)
                .filter(other -> (inService & 1 << other) != 0)
                .boxed()
                .toList();
    }

    /** What the next read of a chip with a pending poll command does. */
    static String departureOfPoll(GuestState state, PicState chip) {
        return state.irqchip() == Irqchip.KERNEL && chip.poll() ? POLL : "";
    }

    /** A chip of Interject's that requests what this one does: KVM's stores special mask mode and ignores it. */
    static PicState asItActs(GuestState state, PicState chip) {
        return state.irqchip() == Irqchip.KERNEL ? chip.withSpecialMask(false) : chip;
    }
}
