package dev.interject.experiment.explain;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.interject.experiment.setting.Setting;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.boot.BootMode;
import dev.interject.interrupt.CpuException;

/**
 * What a host makes of a fault during the delivery of an event. By the manuals it is a double fault
 * if the first is contributory, or a page fault (Intel SDM vol. 3A, "Interrupt 8—Double Fault Exception (#DF)").
 */
enum DoubleFaults {
    OF_BENIGN(false, "this host raises #DF where the delivery of #NM fails; the rule is that #NP follows",
            "idt[7].present=0", "cpu.exception=7"),
    NONE_OF_QUEUED(true, "this host raises no #DF where the delivery of a queued #GP fails; the rule is that it does",
            "idt[13].present=0", "cpu.exception=13"),
    OF_INTERRUPTS(false, "this host shuts the vCPU down where the delivery of an interrupt at vector 8 fails; the rule"
            + " is that #NP follows", "idt[8].present=0", "cpu.queued=8");

    private static final Map<DoubleFaults, Boolean> FOUND = new ConcurrentHashMap<>();

    private final boolean isDoubleByTheManuals;
    private final String text;
    private final Situation situation;

    DoubleFaults(boolean isDoubleByTheManuals, String text, String... settings) {
        this.isDoubleByTheManuals = isDoubleByTheManuals;
        this.text = text;
        this.situation = Situation.of(settings);
    }

    /** By the manuals, whether a fault during the delivery of an exception leads to the next: #DF, or a shutdown. */
    static boolean isDouble(int exception, int fault) {
        return exception == CpuException.DOUBLE_FAULT || CpuException.isDouble(exception, fault);
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
                for (Setting setting : situation.settings()) {
                    setting.apply(vcpu);
                }
            });
            String outcome = guest.outcome(true);
            return (outcome.startsWith("#DF") || outcome.equals(ObservedGuest.TRIPLE_FAULT)) != isDoubleByTheManuals;
        }
    }
}
