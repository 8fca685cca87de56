package dev.interject.experiment.setting;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.interject.device.PicState;

/** What can be set of the two 8259s. */
final class PicSettings {

    private static final String LINES = "bit n for line n of the chip";
    private static final long BYTE = 0xff;
    private static final int LAST_LINE = 7;

    private final boolean isSlave;

    private PicSettings(boolean isSlave) {
        this.isSlave = isSlave;
    }

    static List<SettingKind<?>> all() {
        return Stream.of(new PicSettings(false), new PicSettings(true)).flatMap(PicSettings::ofChip).toList();
    }

    private Stream<SettingKind<?>> ofChip() {
        return Stream.of(
                kind("base", NumberForm.bits("vector of line 0", PicState.BASE_BITS), "the vector of its line 0",
                        "8259A data sheet, \"Initialization Command Words\", ICW2", PicState::irqBase,
                        PicState::withBase),
                kind("imr", lines(), "the masked lines", "8259A data sheet, \"Operation Command Word 1\"",
                        PicState::imr, PicState::withImr),
                kind("isr", lines(), "the lines in service", "8259A data sheet, \"In-Service Register\"",
                        PicState::isr, PicState::withIsr),
                kind("irr", lines(), "the lines that request service",
                        "8259A data sheet, \"Interrupt Request Register\"", PicState::irr, PicState::withIrr),
                kind("lines-high", lines(), "the lines that were high when the chip last looked",
                        "8259A data sheet, \"Edge and Level Triggered Modes\"", PicState::lastIrr,
                        PicState::withLinesHigh),
                kind("elcr", NumberForm.bits(LINES, elcrLines()),
                        "the level-triggered lines", "82371 data sheet, \"ELCR\"", PicState::elcr, PicState::withElcr),
                kind("rotate", NumberForm.upTo("line of the highest priority", LAST_LINE),
                        "the line of the highest priority", "8259A data sheet, \"Specific Rotation\"",
                        PicState::priorityAdd, PicState::withTopPriority),
                flag("aeoi", "automatic EOI mode", "8259A data sheet, \"Automatic End of Interrupt Mode\"",
                        PicState::autoEoi, PicState::withAutoEoi),
                flag("rotate-aeoi", "rotation at each automatic EOI", "8259A data sheet, \"Automatic Rotation\"",
                        PicState::rotateOnAutoEoi, PicState::withRotateOnAutoEoi),
                flag("smm", "special mask mode", "8259A data sheet, \"Special Mask Mode\"", PicState::specialMask,
                        PicState::withSpecialMask),
                flag("sfnm", "special fully nested mode", "8259A data sheet, \"Special Fully Nested Mode\"",
                        PicState::specialFullyNested, PicState::withSpecialFullyNested));
    }

    private long elcrLines() {
        return isSlave ? PicState.LEVEL_LINES_OF_SLAVE : PicState.LEVEL_LINES_OF_MASTER;
    }

    private static NumberForm lines() {
        return NumberForm.bits(LINES, BYTE);
    }

    private SettingKind<Long> kind(String register, NumberForm form, String what, String reference,
            Function<PicState, Integer> reader, BiFunction<PicState, Integer, PicState> writer) {
        String chip = isSlave ? "slave" : "master";
        return SettingKind.of(SettingName.of("pic." + chip + "." + register), form, chip + ": " + what,
                reference, Access.of(
                        vcpu -> reader.apply(isSlave ? vcpu.slave() : vcpu.master()).longValue(),
                        (vcpu, value) -> {
                            if (isSlave) {
                                vcpu.slave(pic -> writer.apply(pic, value.intValue()));
                            } else {
                                vcpu.master(pic -> writer.apply(pic, value.intValue()));
                            }
                        }))
                .ofMachine();
    }

    private SettingKind<Long> flag(String mode, String what, String reference, Function<PicState, Boolean> reader,
            BiFunction<PicState, Boolean, PicState> writer) {
        return kind(mode, NumberForm.flag("off or on"), what, reference, pic -> reader.apply(pic) ? 1 : 0,
                (pic, value) -> writer.apply(pic, value != 0));
    }
}
