package dev.interject.experiment.explain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.experiment.setting.Situation;
import dev.interject.interrupt.Trigger;

/**
 * Settings at random. Those that decide are more often open than closed, so that the gates behind them matter as well.
 * Where the outcome would depend on what runs first, the value is not one of them: no other line or vector is pending.
 */
final class RandomSettings {

    private static final int BYTE = 0x100;
    private static final int MASTER_ELCR = 0xf8;
    private static final int SLAVE_ELCR = 0xde;
    private static final int CASCADE = 2;
    /** That of the guests with a timer, which take any other for a spurious one. */
    private static final int TIMER_VECTOR = 0x40;

    private final Random random;
    private final List<String> settings = new ArrayList<>();

    private boolean isBroken;

    RandomSettings(Random random) {
        this.random = random;
    }

    Situation situation() {
        return Situation.of(settings.toArray(String[]::new));
    }

    private void set(String name, Object value) {
        settings.add(name + "=" + value);
    }

    /** Once in this many times, on average. */
    private boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    private static String hex(long value) {
        return "0x%x".formatted(value);
    }

    // --- 8259s

    /** @param edge whether the line is pulsed: with automatic EOI a level would interrupt until it is lowered */
    RandomSettings pics(int line, boolean edge) {
        pic("pic.master", line < 8 ? line : CASCADE, line < 8, MASTER_ELCR, edge);
        pic("pic.slave", line < 8 ? random.nextInt(8) : line - 8, line >= 8, SLAVE_ELCR, edge);
        return this;
    }

    private void pic(String chip, int level, boolean isOwn, int elcrMask, boolean edge) {
        int bit = 1 << level;
        // other lines stay masked: one that is pending would be taken as well
        set(chip + ".imr", hex(~bit & 0xff | (oneIn(4) ? bit : 0)));
        int elcr = random.nextBoolean() ? random.nextInt(BYTE) & elcrMask : 0;
        set(chip + ".elcr", hex(elcr));
        if (oneIn(3)) {
            set(chip + ".isr", hex(random.nextInt(BYTE) & random.nextInt(BYTE)));
        }
        if (oneIn(3)) {
            set(chip + ".rotate", random.nextInt(8));
        }
        for (String mode : edge ? List.of("smm", "sfnm", "aeoi") : List.of("smm", "sfnm")) {
            if (oneIn(6)) {
                set(chip + "." + mode, 1);
            }
        }
        boolean high = isOwn && oneIn(6) && level != CASCADE;
        if (high) {
            set(chip + ".lines-high", hex(bit & ~elcr));
        }
        if (isOwn && !high && !isBroken && oneIn(8) && (bit & elcr) == 0) {
            set(chip + ".irr", hex(bit));
        }
        if (oneIn(24)) {
            set(chip + ".base", oneIn(2) ? 0 : 0x40);
        }
    }

    RandomSettings lint0() {
        if (oneIn(6)) {
            set("lapic.lvt0", oneIn(2) ? "0x10700" : "0x30");
        }
        if (oneIn(16)) {
            set("lapic.base", "0xfee00100"); // the LAPIC off
        }
        return this;
    }

    // --- IOAPIC

    RandomSettings pin(int pin, int vector, Trigger trigger) {
        String name = "ioapic[%d]".formatted(pin);
        set(name + ".vector", hex(vector));
        set(name + ".mode", oneIn(10) ? "extint" : oneIn(2) ? "lowest" : "fixed");
        set(name + ".dest-mode", oneIn(3) ? "logical" : "physical");
        set(name + ".destination", hex(destination(random)));
        set(name + ".polarity", oneIn(5) ? "low" : "high");
        boolean level = oneIn(6) ? trigger == Trigger.EDGE : trigger == Trigger.LEVEL;
        set(name + ".trigger", level ? "level" : "edge");
        set(name + ".mask", oneIn(5) ? 1 : 0);
        if (level && oneIn(6)) {
            set(name + ".remote-irr", 1);
        }
        return this;
    }

    static int destination(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> 0xff;
            case 1 -> random.nextInt(BYTE);
            case 2 -> random.nextInt(8);
            case 3 -> 1;
            default -> 0;
        };
    }

    /** Not one of an exception, which a guest takes for one, but at times one that no LAPIC accepts. */
    static int vector(Random random) {
        return random.nextInt(12) == 0 ? random.nextInt(0x10) : random.nextInt(0x31, 0xef);
    }

    // --- LAPICs

    /**
     * A LAPIC.
     *
     * @param prefix       names the vCPU, or is empty for the target
     * @param mayBePending whether the vector may be pending from before: where one of several takes it, that would
     *                     depend on which
     */
    RandomSettings lapic(String prefix, int vector, boolean mayBePending) {
        if (oneIn(10)) {
            set(prefix + "lapic.id", hex(random.nextInt(4)));
        }
        if (oneIn(2)) {
            set(prefix + "lapic.dfr", oneIn(2) ? "cluster" : "flat");
            set(prefix + "lapic.ldr", hex(oneIn(2) ? random.nextInt(BYTE) : 1 << random.nextInt(8)));
        }
        if (oneIn(3)) {
            set(prefix + "lapic.tpr", hex(random.nextInt(BYTE)));
        }
        if (oneIn(8)) {
            set(prefix + "lapic.svr", "0xff");
        }
        boolean off = oneIn(16);
        if (off) {
            set(prefix + "lapic.base", prefix.isEmpty() ? "0xfee00100" : "0xfee00000");
        }
        if (mayBePending && oneIn(8) && vector >= 0x10 && !isBroken && !off) {
            set(prefix + "lapic.irr", hex(vector));
        }
        return this;
    }

    // --- timers

    /** Periodic and some milliseconds long, or not armed. */
    RandomSettings lapicTimer() {
        int masked = oneIn(4) ? 1 << 16 : 0;
        set("lapic.lvtt", hex(TIMER_VECTOR | 1 << 17 | masked));
        set("lapic.timer.initial", oneIn(3) ? 0 : 1_000_000 + random.nextInt(1_000_000));
        return this;
    }

    /** Periodic, or not armed. */
    RandomSettings pit() {
        set("pit.count", 2000 + random.nextInt(4000));
        if (oneIn(4)) {
            set("pit.gate", 0);
        }
        set("pit.mode", oneIn(3) ? "none" : oneIn(2) ? 2 : 3);
        return this;
    }

    // --- routes

    RandomSettings routes(int gsi) {
        List<Integer> lines = shuffled(16);
        List<Integer> pins = shuffled(24);
        List<String> targets = new ArrayList<>();
        int ways = random.nextInt(4);
        for (int way = 0; way < ways; way++) {
            int line = lines.get(way);
            int pin = pins.get(way);
            switch (random.nextInt(3)) {
                case 0 -> {
                    if (gsi < 16 && targets.stream().noneMatch(target -> target.startsWith("pic"))) {
                        targets.add("pic:" + line);
                        pics(line, true);
                    }
                }
                case 1 -> {
                    if (targets.stream().noneMatch(target -> target.startsWith("ioapic"))) {
                        targets.add("ioapic:" + pin);
                        pin(pin, vector(random), Trigger.EDGE);
                    }
                }
                default -> {
                    if (targets.isEmpty() && way == ways - 1) { // KVM takes a message alone
                        targets.add("msi:0xfee00000:" + hex(0xa0 + 0x10L * way));
                    }
                }
            }
        }
        // no other GSI may lead to a pin that this one has
        Stream.iterate(0, other -> other < 24, other -> other + 1)
                .filter(other -> other != gsi)
                .forEach(other -> set("route[%d]".formatted(other), "none"));
        set("pic.master.base", "0x20");
        set("pic.slave.base", "0x28");
        set("route[%d]".formatted(gsi), targets.isEmpty() ? "none"
                : targets.stream().distinct().collect(Collectors.joining(",")));
        return lint0();
    }

    private List<Integer> shuffled(int count) {
        List<Integer> numbers = new ArrayList<>(Stream.iterate(0, i -> i < count, i -> i + 1).toList());
        Collections.shuffle(numbers, random);
        return numbers;
    }

    // --- the CPU

    RandomSettings nmis() {
        if (oneIn(3)) {
            set("cpu.nmi-masked", 1);
        }
        if (oneIn(3)) {
            set("cpu.nmi-pending", random.nextInt(3));
        }
        return this;
    }

    /** @param executes whether the guest executes instructions: one that sleeps in HLT cannot be in a shadow */
    RandomSettings cpu(boolean executes) {
        if (oneIn(4)) {
            set("cpu.if", 0);
        } else {
            set("cpu.if", 1);
        }
        if (executes && oneIn(5)) {
            set("cpu.shadow", oneIn(2) ? "sti" : "mov-ss");
        }
        return this;
    }

    /** What the handler needs: the gate, its stack and its pages. */
    RandomSettings tables(int vector) {
        String gate = "idt[0x%x]".formatted(vector);
        int which = random.nextInt(40);
        isBroken = which < 8;
        switch (which) {
            case 0 -> set(gate + ".present", 0);
            case 1 -> set(gate + ".selector", oneIn(2) ? "0" : "0x10");
            case 2 -> set(gate + ".ist", 1 + random.nextInt(7));
            case 3 -> {
                set("tss.ist1", oneIn(2) ? "0x9000000000000000" : "0x6000");
                set(gate + ".ist", 1);
            }
            case 4 -> set(gate + ".offset", oneIn(2) ? "0x800000000000" : "0x40000000");
            case 5 -> set("cpu.rsp", oneIn(2) ? "0x800000000000" : "0x40000000");
            case 6 -> set(gate + ".dpl", random.nextInt(4));
            case 7 -> set(gate + ".type", oneIn(2) ? "trap" : "call");
            default -> {
                // as the guest has set it up
            }
        }
        return this;
    }
}
