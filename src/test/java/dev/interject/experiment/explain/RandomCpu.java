package dev.interject.experiment.explain;

import java.util.List;

/**
 * A vCPU with random flags and events.
 *
 * @param prefix names the vCPU, or is empty for the target
 */
record RandomCpu(RandomSettings settings, String prefix) {

    private static final long IF = 1 << 9;
    /** CF, PF, AF, ZF, SF, OF, NT, AC, ID, and bit 1, which is always set: the guests' code depends on none. */
    private static final long FLAGS = 0x2448d5;
    private static final long ALWAYS_SET = 2;

    private static final List<Integer> EXCEPTIONS = List.of(0, 1, 5, 6, 7, 8, 10, 11, 12, 13, 14, 16, 17, 19);
    private static final List<Integer> WITHOUT_CODE = List.of(0, 1, 5, 6, 7, 16, 19);

    private void set(String name, Object value) {
        settings.set(prefix + name, value);
    }

    private static String gate(int vector) {
        return "idt[0x%x]".formatted(vector);
    }

    /**
     * @param executes whether the guest executes instructions: one that sleeps in HLT cannot be in a shadow
     * @param isFree   whether other flags than IF may be set
     */
    RandomCpu flags(boolean executes, boolean isFree) {
        long flag = settings.oneIn(4) ? 0 : IF;
        if (isFree && settings.oneIn(4)) {
            set("cpu.rflags", RandomSettings.hex(settings.some(FLAGS) | ALWAYS_SET | flag));
        } else {
            set("cpu.if", flag == 0 ? 0 : 1);
        }
        if (executes && settings.oneIn(5)) {
            set("cpu.shadow", settings.oneOf("sti", "mov-ss"));
        }
        return this;
    }

    /** NMIs, for a guest that takes them and sleeps with IF=0, or spins. */
    RandomCpu nmis() {
        if (settings.oneIn(3)) {
            set("cpu.nmi-masked", 1);
        }
        if (settings.oneIn(3)) {
            set("cpu.nmi-pending", settings.below(3));
        }
        return this;
    }

    /** NMIs, for one that executes STI as soon as they wake it. */
    RandomCpu nmisThatWake() {
        set("cpu.if", 1);
        if (settings.oneIn(2)) {
            set("cpu.nmi-pending", settings.below(3));
            settings.makeExclusive();
        } else {
            set("cpu.nmi-masked", 1);
        }
        return this;
    }

    /**
     * An event that the vCPU takes first.
     *
     * @param hasErrorCodes whether exceptions may have one
     */
    RandomCpu event(boolean hasErrorCodes) {
        switch (settings.isExclusive() ? 2 : settings.below(16)) {
            case 0 -> exception(hasErrorCodes);
            case 1 -> {
                set("cpu.if", 1); // as when KVM took it from the queue
                settings.unset(prefix + "cpu.shadow"); // likewise; VMX refuses to enter a guest with both
                set("cpu.nmi-masked", 0); // which its handler's IRET would do
                set("cpu.queued", RandomSettings.hex(queued()));
                settings.makeExclusive();
            }
            case 3 -> set("cpu.nmi-masked", 1);
            default -> {
                // none
            }
        }
        return this;
    }

    /** Its handler reports it, and stops. */
    private void exception(boolean hasErrorCodes) {
        List<Integer> all = hasErrorCodes ? EXCEPTIONS : WITHOUT_CODE;
        int vector = all.get(settings.below(all.size()));
        if (hasErrorCodes) { // not in real mode
            switch (settings.below(8)) {
                case 0 -> set(gate(vector) + ".present", 0);
                case 1 -> set(gate(vector) + ".type", "trap");
                default -> {
                    // as the guest has set it up
                }
            }
        }
        set("cpu.exception", vector);
        settings.makeExclusive();
    }

    /** One whose handler sends the 8259s no EOI. */
    private int queued() {
        return 0x60 + settings.below(0x80);
    }

    /** A vector of KVM_INTERRUPT that KVM holds for the guest. */
    RandomCpu held() {
        if (!settings.isExclusive() && settings.oneIn(4)) {
            set("cpu.kvm-interrupt", RandomSettings.hex(queued()));
            settings.makeExclusive();
        }
        return this;
    }

    /**
     * Of a guest that executes STI as soon as it runs.
     *
     * @param isFirst whether it is the vCPU that runs after reset
     */
    RandomCpu activity(boolean isFirst) {
        switch (settings.isExclusive() ? 2 : settings.below(isFirst ? 24 : 12)) {
            case 0 -> {
                set("cpu.if", 1);
                set("cpu.activity", "runnable");
            }
            case 1 -> set("cpu.activity", isFirst ? "halted" : settings.oneOf("uninitialized", "init-received"));
            default -> {
                // as the guest has it
            }
        }
        return this;
    }
}
