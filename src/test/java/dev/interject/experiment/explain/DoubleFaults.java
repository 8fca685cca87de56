package dev.interject.experiment.explain;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.interject.experiment.setting.Setting;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.boot.BootMode;

/**
 * What a host makes of a fault during the delivery of an exception that is queued. By the manuals it is a double fault
 * if the first is contributory, or a page fault (Intel SDM vol. 3A, "Interrupt 8—Double Fault Exception (#DF)").
 */
enum DoubleFaults {
    OF_BENIGN(7, false, "this host raises #DF where the delivery of #NM fails; the rule is that #NP follows"),
    NONE_OF_QUEUED(13, true,
            "this host raises no #DF where the delivery of a queued #GP fails; the rule is that it does");

    private static final Map<DoubleFaults, Boolean> FOUND = new ConcurrentHashMap<>();

    private final int queued;
    private final boolean isDoubleByTheManuals;
    private final String text;

    DoubleFaults(int queued, boolean isDoubleByTheManuals, String text) {
        this.queued = queued;
        this.isDoubleByTheManuals = isDoubleByTheManuals;
        this.text = text;
    }

    /** Whether this host departs from the manuals there. */
    boolean isFound() {
        return FOUND.computeIfAbsent(this, DoubleFaults::probe);
    }

    /** What this host does otherwise, in one line; empty if it follows the manuals. */
    Optional<String> text() {
        return isFound() ? Optional.of(text) : Optional.empty();
    }

    private boolean probe() {
        try (ObservedGuest guest = new ObservedGuest(BuiltinGuest.PIC.image(), BootMode.LONG, Set.of(10))) {
            guest.interrupt(vcpu -> {
                for (Setting setting : Situation.of("idt[%d].present=0".formatted(queued), "cpu.exception=" + queued)
                        .settings()) {
                    setting.apply(vcpu);
                }
            });
            return guest.outcome(true).startsWith("#DF") != isDoubleByTheManuals;
        }
    }
}
