package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A hundred thousand interrupts, every one accounted for. Leave these out with {@code -DexcludedGroups=long}. */
@RequiresKvm
@Tag("long")
class RunManyTest {

    private static final int MANY = 100_000;

    @Test
    void pulsesIntoTheKernel_areAllTaken() {
        assertThatRun(Run.on(Irqchip.KERNEL).count(MANY).timeout(Hang.AFTER).report()).tookAll(MANY, 0x2a);
    }

    @ParameterizedTest
    @EnumSource(names = {"PIC", "BUSY"})
    void rawVectors_areAllTakenByEveryGuest(BuiltinGuest guest) {
        RunReport report = Run.on(Irqchip.USERSPACE)
                .guest(guest)
                .path(Route.VECTOR)
                .vector(0x41)
                .count(MANY)
                .timeout(Hang.AFTER)
                .await()
                .report();

        assertThatRun(report).tookAll(MANY, 0x41);
    }

    @Test
    void pulsesIntoUserspace8259s_areAllTaken() {
        assertThatRun(Run.on(Irqchip.USERSPACE).count(20_000).timeout(Hang.AFTER).report()).tookAll(20_000, 0x2a);
    }
}
