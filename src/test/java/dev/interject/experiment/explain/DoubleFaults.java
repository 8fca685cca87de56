package dev.interject.experiment.explain;

import java.util.Optional;
import java.util.Set;

import dev.interject.experiment.setting.Setting;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.boot.BootMode;

/**
 * Whether this host makes a double fault of a fault during the delivery of any exception. By the manuals the first must
 * be contributory, or a page fault (Intel SDM vol. 3A, "Interrupt 8—Double Fault Exception (#DF)").
 */
final class DoubleFaults {

    private static Optional<Optional<String>> found = Optional.empty();

    private DoubleFaults() {}

    /** What this host does otherwise, in one line; empty if it follows the manuals. */
    static synchronized Optional<String> departure() {
        found = found.or(() -> Optional.of(probe()));
        return found.get();
    }

    private static Optional<String> probe() {
        try (ObservedGuest guest = new ObservedGuest(BuiltinGuest.PIC.image(), BootMode.LONG, Set.of(10))) {
            guest.interrupt(vcpu -> {
                for (Setting setting : Situation.of("idt[7].present=0", "cpu.exception=7").settings()) {
                    setting.apply(vcpu);
                }
            });
            return guest.outcome(true).startsWith("#DF")
                    ? Optional.of("this host raises #DF where the delivery of #NM fails; the rule is that #NP follows")
                    : Optional.empty();
        }
    }
}
