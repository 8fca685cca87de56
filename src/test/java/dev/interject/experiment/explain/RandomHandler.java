package dev.interject.experiment.explain;

import java.util.Arrays;

import dev.interject.guest.image.GuestImage;

/**
 * What an interrupt's handler needs, at random: gates, stacks, segments and pages.
 *
 * @param prefix names the vCPU, or is empty for the target
 * @param image  the guest's, with its symbols
 * @param isOnly whether there is no other vCPU, which would have the same gates
 */
record RandomHandler(RandomSettings settings, String prefix, GuestImage image, boolean isOnly) {

    /** RAM that no guest uses. */
    private static final int FREE_STACK = 0x1f0000;
    private static final int FREE_CODE = 0x1e8000;
    private static final String UNMAPPED = "0x40000000";
    private static final String NOT_CANONICAL = "0x800000000000";

    private static final String WRITE_PROTECT = "cpu.cr0=0x80010031";
    private static final String NO_EXECUTE_ENABLE = "cpu.efer=0xd00";
    private static final String OWN_GDT = "gdt.base=0x1e0000 gdt.limit=0x4f gdt[8]=0x00af9b000000ffff"
            + " gdt[0x10]=0x00cf93000000ffff gdt[0x18]=0x00af9b000000ffff";

    /** How often the handler of an interrupt, or of the fault that follows, is not as the guest has set it up. */
    private static final int SELDOM = 3;

    /** At a lower vector, a host that enters a data segment runs the handler of an exception in 32-bit mode. */
    private static final int FIRST_INTERRUPT = 0x20;

    private static final int[] FAULTS = {8, 10, 11, 12, 13, 14};

    private void set(String name, Object value) {
        settings.set(prefix + name, value);
    }

    private void setAll(String texts) {
        settings.setAll(prefix, texts);
    }

    private static String gate(int vector) {
        return "idt[0x%x]".formatted(vector);
    }

    /** In real mode. */
    void inRealMode(int vector) {
        if (settings.isExclusive() || !settings.oneIn(SELDOM)) {
            return;
        }
        switch (settings.below(4)) {
            case 0 -> { // the same address
                set(gate(vector) + ".offset", RandomSettings.hex(address("stubs") + 8L * vector - 0x10));
                set(gate(vector) + ".selector", 1);
            }
            case 1 -> set("cpu.rsp", RandomSettings.hex(settings.oneOf(0, 2, 4, 0xff01)));
            case 2 -> set("idt.limit", RandomSettings.hex(4L * vector - 1 + settings.below(8)));
            default -> set("idt.limit", RandomSettings.hex(settings.oneOf(0x1f, 0x33, 0x9f)));
        }
        settings.makeExclusive();
    }

    /** In 32-bit mode. @param ring that of the guest */
    void inProtectedMode(int vector, int ring) {
        if (settings.isExclusive() || !settings.oneIn(2)) {
            return;
        }
        faults();
        String segment = ring == 3 ? "0x83" : "0x80";
        switch (settings.below(14)) {
            case 0 -> set(gate(vector) + ".present", 0);
            case 1 -> set(gate(vector) + ".selector", settings.oneOf("0", "0x80", "0x10", "0x18", "0x30"));
            case 2 -> set("idt.limit", RandomSettings.hex(8L * vector - 1 + settings.below(12)));
            case 3 -> set(gate(vector) + ".type", settings.oneOf("call", "task", "trap"));
            case 4 -> set(gate(vector) + ".offset", UNMAPPED);
            case 5 -> set("cpu.cs", segment);
            case 6 -> set("cpu.ss", segment);
            case 7 -> set("cpu.rsp", UNMAPPED);
            case 8 -> set("tss.limit", 7);
            case 9 -> set("gdt[0x10]", settings.oneOf("0x00cf91000000ffff", "0x00cf13000000ffff"));
            case 10 -> {
                if (!RandomStates.ON_QEMU) { // which does not check this limit
                    setAll("gdt[0x38]=0x00409b0000000fff " + gate(vector) + ".selector=0x38");
                }
            }
            case 11 -> set("gdt.limit", settings.oneOf("0x7", "0xf", "0x17"));
            case 12 -> set(gate(vector) + ".dpl", settings.below(4));
            default -> set("idt.base", UNMAPPED);
        }
    }

    /** In long mode. @param ring that of the guest */
    void inLongMode(int vector, int ring) {
        if (settings.isExclusive() || !settings.oneIn(SELDOM)) {
            return;
        }
        int what = settings.below(5);
        if (what == 0) {
            harmless(vector, ring);
            return;
        }
        faults();
        switch (what) {
            case 1 -> gateOf(vector, ring);
            case 2 -> stack(vector, ring);
            case 3 -> segments(vector, ring);
            default -> tables(vector);
        }
    }

    private void gateOf(int vector, int ring) {
        String gate = gate(vector);
        switch (settings.below(isOnly ? 6 : 4)) {
            case 0 -> set(gate + ".present", 0);
            case 1 -> set(gate + ".selector", ring == 3 || vector < FIRST_INTERRUPT ? settings.oneOf("0", "0x80")
                    : settings.oneOf("0", "0x10", "0x80", "0xc"));
            case 2 -> set(gate + ".offset", settings.oneOf(NOT_CANONICAL, UNMAPPED));
            case 3 -> set(gate + ".type", settings.oneOf("trap", "call", "task", "interrupt16"));
            case 4 -> {
                set(gate + ".offset", RandomSettings.hex(FREE_CODE));
                set("page[%s]".formatted(RandomSettings.hex(FREE_CODE)), "absent");
            }
            default -> {
                setAll(NO_EXECUTE_ENABLE);
                set(gate + ".offset", RandomSettings.hex(FREE_CODE));
                set("page[%s]".formatted(RandomSettings.hex(FREE_CODE)), "no-execute");
            }
        }
    }

    private void stack(int vector, int ring) {
        String where = settings.oneOf(NOT_CANONICAL, UNMAPPED, "0x6000", RandomSettings.hex(FREE_STACK),
                RandomSettings.hex(FREE_STACK + settings.below(0x20)));
        switch (settings.below(3)) {
            case 0 -> set(ring == 0 ? "cpu.rsp" : "tss.rsp0", where);
            case 1 -> {
                int number = 1 + settings.below(7);
                set("tss.ist" + number, where);
                set(gate(vector) + ".ist", number);
            }
            default -> {
                set(ring == 0 ? "cpu.rsp" : "tss.rsp0", RandomSettings.hex(FREE_STACK + settings.below(0x20)));
                setAll(NO_EXECUTE_ENABLE);
                if (settings.oneIn(2)) {
                    setAll(WRITE_PROTECT);
                }
                set("page[%s]".formatted(RandomSettings.hex(FREE_STACK - 0x1000)),
                        settings.oneOf("absent", "readonly", "no-execute", "user", "writable"));
            }
        }
    }

    private void segments(int vector, int ring) {
        switch (settings.below(5)) {
            case 0 -> set("cpu.cs", ring == 3 ? "0x83" : settings.oneOf("0", "0x80", "0x14"));
            case 1 -> set("cpu.ss", ring == 3 ? "0x83" : settings.oneOf("0", "8", "0x80", "0x14"));
            case 2 -> set("gdt.limit", settings.oneOf("0x7", "0xf"));
            case 3 -> set("gdt.base", UNMAPPED);
            default -> {
                if (ring == 0) {
                    setAll(OWN_GDT);
                    setAll("%s.selector=0x18 idt[11].selector=0x18 idt[13].selector=0x18".formatted(gate(vector)));
                    setAll(settings.oneOf("gdt[8]=0x00af1b000000ffff", "gdt[8]=0x00affb000000ffff",
                            "gdt[0x10]=0x00cf13000000ffff", "gdt[0x10]=0x00cff3000000ffff",
                            "gdt[0x10]=0x00cf91000000ffff", "gdt[0x18]=0x00affb000000ffff",
                            "gdt[0x18]=0x00af1b000000ffff", "gdt[0x18]=0x00ef9b000000ffff"));
                }
            }
        }
    }

    private void tables(int vector) {
        switch (settings.below(6)) {
            case 0 -> set("idt.limit", RandomSettings.hex(settings.oneIn(4) ? settings.below(0x200)
                    : 16L * vector - 1 + settings.below(24)));
            case 1 -> set("idt.base", UNMAPPED);
            case 2 -> {
                long page = address("idt") + 16L * vector & -0x1000;
                if (page >= address("idt")) { // before are the guest's code and data
                    set("page[%s]".formatted(RandomSettings.hex(page)), "absent");
                }
            }
            case 3 -> {
                set("tss.base", settings.oneOf(UNMAPPED, "0x1d0000"));
                set(gate(vector) + ".ist", 1 + settings.below(7));
            }
            case 4 -> {
                set("tss.limit", RandomSettings.hex(0x20 + settings.below(0x50)));
                set(gate(vector) + ".ist", 1 + settings.below(7));
            }
            default -> set(gate(vector) + ".ist", 1 + settings.below(7));
        }
    }

    /** What changes nothing. */
    private void harmless(int vector, int ring) {
        switch (settings.below(5)) {
            case 0 -> set(gate(vector) + ".dpl", settings.below(4));
            case 1 -> set("page[%s]".formatted(RandomSettings.hex(address("idt") + 16L * vector & -0x1000)),
                    settings.oneOf("readonly", "writable"));
            case 2 -> set("tss.rsp" + (ring == 3 ? 1 + settings.below(2) : settings.below(3)), NOT_CANONICAL);
            case 3 -> set("tss.ist" + (1 + settings.below(7)), UNMAPPED);
            default -> set("cpu.cr4", RandomSettings.hex(0x20 | settings.some(0x98))); // DE, PSE, PGE
        }
    }

    /** What the fault needs that may follow; set before the tables are. */
    private void faults() {
        int fault = FAULTS[settings.below(FAULTS.length)];
        switch (settings.below(8)) {
            case 0 -> set(gate(fault) + ".present", 0);
            case 1 -> Arrays.stream(FAULTS).forEach(vector -> set(gate(vector) + ".present", 0));
            default -> {
                // as the guest has set it up
            }
        }
        settings.makeExclusive();
    }

    /** Where the handler returns to; only for a guest that sleeps until then. */
    void next() {
        if (!settings.isExclusive() && settings.oneIn(24)) {
            set("cpu.rip", UNMAPPED);
            settings.makeExclusive();
        }
    }

    private long address(String symbol) {
        return image.symbols().value(symbol).orElseThrow();
    }
}
