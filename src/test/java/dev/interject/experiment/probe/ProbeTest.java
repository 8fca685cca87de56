package dev.interject.experiment.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.ProbeGuest;
import dev.interject.guest.image.GuestImage;
import org.junit.jupiter.api.Test;

/** Each probe can reach each finding: the guests make every host appear to keep or to break the rule. */
class ProbeTest {

    private static final long PATIENCE_NANOS = Hang.AFTER.toNanos();

    @Test
    @RequiresKvm
    void guestWhoseWindowsLast_takesAllAfterSti() {
        assertThat(CpuProbe.takesAfterSti(image("opens-in-hlt"))).isEqualTo(
                new Finding.Kept("taken in 128 of 128 windows of sti; nop; nop"));
    }

    @Test
    @RequiresKvm
    void guestThatReachesItsHandler_callsBySoftwareInterrupt() {
        assertThat(CpuProbe.callsBySoftwareInterrupt(image("calls-by-hand"))).isEqualTo(
                new Finding.Kept("int 0x50 reached its handler"));
    }

    @Test
    @RequiresKvm
    void guestThatSendsItsEoi_isResampled() {
        assertThat(IoapicProbe.isResampled(BuiltinGuest.APIC.image(), PATIENCE_NANOS)).isTrue();
    }

    @Test
    @RequiresKvm
    void guestThatEndsTooEarly_failsTheProbe() {
        GuestImage selfDestruct = image("self-destruct");

        assertThatThrownBy(() -> CpuProbe.takesAfterSti(selfDestruct)).isInstanceOf(ProbeFailedException.class)
                .hasMessageStartingWith("the guest ended: ");
    }

    @Test
    @RequiresKvm
    void guestThatNeverReports_failsTheProbe() {
        GuestImage asleep = BuiltinGuest.DEAF.image();

        assertThatThrownBy(() -> CpuProbe.callsBySoftwareInterrupt(asleep)).isInstanceOf(ProbeFailedException.class)
                .hasMessage("vector 0x50 was not taken in time, and the guest did not end");
    }

    @Test
    void numbers_areThoseOfTheGuests() {
        assertThat(ProbeGuest.STI_WINDOW.image().symbols().value("PROBE_WINDOWS")).hasValue(CpuProbe.WINDOWS);
        assertThat(ProbeGuest.INT_N.image().symbols().value("PROBE_VECTOR")).hasValue(CpuProbe.SOFTWARE_VECTOR);
    }

    private static GuestImage image(String name) {
        try (InputStream elf = ProbeTest.class.getResourceAsStream("/dev/interject/guest/" + name + ".elf")) {
            return GuestImage.ofElf(elf.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
