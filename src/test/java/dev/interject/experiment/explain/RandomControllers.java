package dev.interject.experiment.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.interrupt.Trigger;

/** Interrupt controllers and timers with random settings. No other line or vector is pending. */
record RandomControllers(RandomSettings settings) {

    private static final int BYTE = 0x100;
    private static final int MASTER_ELCR = 0xf8;
    private static final int SLAVE_ELCR = 0xde;
    private static final int CASCADE = 2;
    private static final int MASKED = 1 << 16;
    /** That of the guests with a timer, which take any other for a spurious one. */
    private static final int TIMER_VECTOR = 0x40;
    private static final int PERIODIC = 1 << 17;
    private static final int TSC_DEADLINE = 2 << 17;

    // --- 8259s

    /** @param edge whether the line is pulsed: with automatic EOI a level would interrupt until it is lowered */
    RandomControllers pics(int line, boolean edge) {
        pic("pic.master", line < 8 ? line : CASCADE, line < 8, MASTER_ELCR, edge);
        pic("pic.slave", line < 8 ? settings.below(8) : line - 8, line >= 8, SLAVE_ELCR, edge);
        return this;
    }

    private void pic(String chip, int level, boolean isOwn, int elcrMask, boolean edge) {
        int bit = 1 << level;
        // other lines stay masked: one that is pending would be taken as well
        settings.set(chip + ".imr", ~bit & 0xff | (settings.oneIn(4) ? bit : 0));
        int elcr = settings.oneIn(2) ? settings.below(BYTE) & elcrMask : 0;
        settings.set(chip + ".elcr", elcr);
        if (!settings.isExclusive() && settings.oneIn(3)) {
            settings.set(chip + ".isr", settings.below(BYTE) & settings.below(BYTE));
        }
        if (settings.oneIn(3)) {
            settings.set(chip + ".rotate", settings.below(8));
        }
        for (String mode : edge ? List.of("smm", "sfnm", "aeoi", "rotate-aeoi") : List.of("smm", "sfnm")) {
            if (settings.oneIn(6)) {
                settings.set(chip + "." + mode, 1);
            }
        }
        boolean high = isOwn && settings.oneIn(6) && level != CASCADE;
        if (high) {
            settings.set(chip + ".lines-high", bit & ~elcr);
        }
        if (isOwn && !high && !settings.isExclusive() && settings.oneIn(8) && (bit & elcr) == 0) {
            settings.set(chip + ".irr", bit);
        }
        if (settings.oneIn(24)) {
            settings.set(chip + ".base", settings.oneIn(2) ? 0 : 0x40);
        }
    }

    /** How the 8259s' interrupts reach the CPU. */
    RandomControllers lint0() {
        if (settings.oneIn(6)) {
            settings.set("lapic.lvt0", settings.oneIn(2) ? 0x10700 : 0x30);
        }
        if (settings.oneIn(16)) {
            settings.set("lapic.base", 0xfee00100L); // the LAPIC off
        }
        return this;
    }

    // --- IOAPIC

    RandomControllers pin(int pin, int vector, Trigger trigger) {
        String name = "ioapic[%d]".formatted(pin);
        if (settings.oneIn(2)) {
            settings.set(name, settings.some(0xff00_0000_0001_2000L)); // what follows sets the rest
        }
        settings.set(name + ".vector", vector);
        boolean isFixed = !settings.oneIn(10);
        settings.set(name + ".mode", isFixed ? settings.oneOf("lowest", "fixed")
                : settings.oneOf("extint", "nmi", "init"));
        settings.set(name + ".dest-mode", settings.oneIn(3) ? "logical" : "physical");
        settings.set(name + ".destination", settings.destination());
        settings.set(name + ".polarity", settings.oneIn(5) ? "low" : "high");
        boolean level = isFixed // NMI and INIT must be edges (82093AA data sheet, bits 10:8)
                && (settings.oneIn(6) ? trigger == Trigger.EDGE : trigger == Trigger.LEVEL);
        settings.set(name + ".trigger", level ? "level" : "edge");
        settings.set(name + ".mask", settings.oneIn(5) ? 1 : 0);
        if (level && settings.oneIn(6)) {
            settings.set(name + ".remote-irr", 1);
        }
        return this;
    }

    // --- LAPICs

    /**
     * A LAPIC.
     *
     * @param prefix       names the vCPU, or is empty for the target
     * @param firstId      the lowest APIC ID that it may get
     * @param mayBePending whether the vector may be pending from before: where one of several takes it, that would
     *                     depend on which
     */
    RandomControllers lapic(String prefix, int firstId, int vector, boolean mayBePending) {
        if (settings.oneIn(10)) {
            settings.set(prefix + "lapic.id", firstId + settings.below(4 - firstId));
        }
        if (settings.oneIn(2)) {
            settings.set(prefix + "lapic.dfr", settings.oneOf("cluster", "flat"));
            settings.set(prefix + "lapic.ldr", settings.oneIn(2) ? settings.below(BYTE) : 1 << settings.below(8));
        }
        return x2apic(prefix, vector, mayBePending);
    }

    /** What can be set in x2APIC mode, too. */
    RandomControllers x2apic(String prefix, int vector, boolean mayBePending) {
        if (settings.oneIn(3)) {
            settings.set(prefix + "lapic.tpr", settings.below(BYTE));
        }
        if (settings.oneIn(8)) {
            settings.set(prefix + "lapic.svr", 0xff);
        }
        boolean off = settings.oneIn(16);
        if (off) {
            settings.set(prefix + "lapic.base", prefix.isEmpty() ? 0xfee00100L : 0xfee00000L);
        }
        if (mayBePending && !settings.isExclusive() && !off && vector >= 0x10 && settings.oneIn(8)) {
            settings.set(prefix + "lapic.irr", vector);
        }
        if (settings.oneIn(8)) { // no path uses LINT1, and the timer stays masked
            settings.set(prefix + "lapic.lvt1", settings.oneOf(0x400L, 0x10000L, 0x700L));
            settings.set(prefix + "lapic.lvtt", MASKED | TIMER_VECTOR | settings.oneOf(0, PERIODIC));
            settings.set(prefix + "lapic.timer.initial", settings.below(1_000_000));
        }
        return this;
    }

    /** Vectors in service; on a vCPU whose handlers send no EOI meanwhile. */
    RandomControllers inService(String prefix, int vector) {
        if (!settings.isExclusive() && settings.oneIn(10)) {
            settings.set(prefix + "lapic.isr", settings.oneIn(2) ? vector | 0x10 : 0x10 + settings.below(0xe0));
        }
        return this;
    }

    // --- timers

    /** Periodic and some milliseconds long, or not armed: a one-shot could expire before it is looked at. */
    RandomControllers lapicTimer() {
        int masked = settings.oneIn(4) ? MASKED : 0;
        switch (settings.below(8)) {
            case 0 -> {
                settings.set("lapic.lvtt", TIMER_VECTOR | TSC_DEADLINE | masked);
                settings.set("lapic.timer.deadline", 0);
            }
            case 1 -> {
                settings.set("lapic.lvtt", TIMER_VECTOR | masked);
                settings.set("lapic.timer.initial", 0);
            }
            default -> {
                settings.set("lapic.lvtt", TIMER_VECTOR | PERIODIC | masked);
                settings.set("lapic.timer.initial", settings.oneIn(3) ? 0 : 1_000_000 + settings.below(1_000_000));
            }
        }
        return this;
    }

    /** Periodic, or not armed. */
    RandomControllers pit() {
        settings.set("pit.count", 2000 + settings.below(4000));
        if (settings.oneIn(4)) {
            settings.set("pit.gate", 0);
        }
        settings.set("pit.mode", settings.oneIn(3) ? settings.oneOf("none", "5") : settings.oneOf("2", "3"));
        return this;
    }

    // --- routes

    RandomControllers routes(int gsi) {
        List<Integer> lines = settings.shuffled(16);
        List<Integer> pins = settings.shuffled(24);
        List<String> targets = new ArrayList<>();
        int ways = settings.below(4);
        for (int way = 0; way < ways; way++) {
            int line = lines.get(way);
            int pin = pins.get(way);
            switch (settings.below(3)) {
                case 0 -> {
                    if (gsi < 16 && targets.stream().noneMatch(target -> target.startsWith("pic"))) {
                        targets.add("pic:" + line);
                        pics(line, true);
                    }
                }
                case 1 -> {
                    if (targets.stream().noneMatch(target -> target.startsWith("ioapic"))) {
                        targets.add("ioapic:" + pin);
                        pin(pin, settings.vector(), Trigger.EDGE);
                    }
                }
                default -> {
                    if (targets.isEmpty() && way == ways - 1) { // KVM takes a message alone
                        targets.add("msi:0xfee00000:" + RandomSettings.hex(0xa0 + 0x10L * way));
                    }
                }
            }
        }
        // no other GSI may lead to a pin that this one has
        Stream.iterate(0, other -> other < 24, other -> other + 1)
                .filter(other -> other != gsi)
                .forEach(other -> settings.set("route[%d]".formatted(other), "none"));
        settings.set("pic.master.base", 0x20);
        settings.set("pic.slave.base", 0x28);
        settings.set("route[%d]".formatted(gsi), targets.isEmpty() ? "none"
                : targets.stream().distinct().collect(Collectors.joining(",")));
        return lint0();
    }
}
